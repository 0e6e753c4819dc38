import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import type { Detected } from '../../../src/scan/detectors/detector.ts';
import { SECRETLINT_LEFT_OUT, SECRETLINT_RULES, secretlint } from '../../../src/scan/detectors/secretlint.ts';

const names = Object.keys(SECRETLINT_RULES);

function detect(name: string, text: string, path = 'a.txt'): string[] {
  const { keywords, detect: look } = secretlint[names.indexOf(name)]!;
  const found: Detected[] = [];
  const at = keywords.map((word) => text.toLowerCase().indexOf(word)).find((index) => index >= 0);
  if (at !== undefined) look(text, at, path, (one) => found.push(one));
  return found.map(({ start, end }) => text.slice(start, end));
}

const letters = (length: number) => 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7'.repeat(20).slice(0, length);

/** Made-up secrets in the shape of each vendor, put together at run time. */
const CASES: [name: string, secret: string, around?: string][] = [
  ['aws', letters(40), 'aws_secret_access_key = "<>"'],
  ['npm', `npm_${letters(36)}`],
  ['basicauth', 'S3cr-et_9', 'https://someone:<>@git.acme.dev/x'],
  ['slack', ['xoxb', '123456789012', letters(24)].join('-')],
  ['sendgrid', ['SG', letters(22), letters(43)].join('.')],
  ['shopify', `shpat_${letters(32)}`],
  ['github', `gho_${letters(36)}`],
  ['gitlab', `glpat-${letters(20)}`],
  ['grafana', `glsa_${letters(32)}_0a1b2c3d`],
  ['openai', `sk-${letters(20)}T3Blbk${'FJ'}${letters(20)}`],
  ['anthropic', `sk-ant-${'api03'}-${letters(93)}AA`],
  ['groq', `gsk_${letters(52)}`],
  ['huggingface', `hf_${'aBcDeFgHiJ'.repeat(4).slice(0, 34)}`],
  ['linear', `lin_api_${letters(40)}`],
  ['notion', `ntn_12345678901${letters(35)}`],
  ['database-connection-string', 'w9Xk2-Lq', 'postgres://app:<>@db.acme.dev/main'],
  ['hashicorp-vault', `hvs.${letters(95)}`],
  ['vercel', `vcp_${letters(40)}`],
  ['databricks', `dapi${'0a1b2c3d'.repeat(4)}`],
  ['docker', `dckr_pat_${letters(27)}`],
  ['figma', `figd_${letters(44)}`],
];

describe('secretlint as a detector', () => {
  it.each(CASES)('finds what its rule %s finds, and only the secret', (name, secret, around = 'key: "<>" # x') => {
    expect(detect(name, `first line\n${around.replace('<>', secret)}\nlast line`)).toEqual([secret]);
  });

  it('finds a private key over its lines, without its markers', () => {
    const body = `\nMIIE${letters(60)}\n${letters(64)}\n${letters(64)}\n`;
    const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ') + body + ['-----END', 'PRIVATE KEY-----'].join(' ');
    expect(detect('privatekey', `x\n${key}\ny`)).toEqual([body]);
  });

  it('knows every rule of the preset, or says why not', () => {
    const preset: string[] = [];
    creator.create(
      {
        registerRule: (rule: { meta: { id: string } }) => preset.push(rule.meta.id.replace(/^.*secretlint-rule-/, '')),
      } as never,
      {} as never,
    );
    expect(preset.sort()).toEqual([...names, ...SECRETLINT_LEFT_OUT].sort());
  });

  it('leaves no mark in the profiler and loads none, however often it is asked', () => {
    const before = performance.getEntries().length;
    for (let count = 0; count < 1000; count++) detect('github', `gho_${letters(36)}`);
    expect(performance.getEntries()).toHaveLength(before);
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.some((file) => /secretlint-rule-preset-recommend/.test(file))).toBe(true);
    expect(loaded.filter((file) => /@secretlint\/(core|profiler)\/|\/debug\/src\//.test(file))).toEqual([]);
  });
});
