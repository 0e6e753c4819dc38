// The one door to secretlint. The preset's rules are made and called here directly: a context that takes reports, a source that is
// the window. Its core (`lintSource` of @secretlint/core 12) was tried behind this very interface, by wrapping a rule so that its
// reports come out before the promise settles, and it costs what buys nothing here (docs/quality.md has the table): three times the
// processor time of a window, 5 kB a window until the event loop turns, which it does not while a text is scanned; its profiler,
// left on, makes that sixty times and keeps 2 kB a call for good, and only a patch of its object silences it; its debug channel
// prints paths and options whenever DEBUG says so. The preset's code by itself prints nothing, marks nothing and keeps nothing.
// Left out: `filter-comments` (a comment in a scanned file must not switch a rule off) and `gcp` (it reads the disk by
// itself and reports whole files; the key inside such a file is what `privatekey` and our own rules find).
import { createRequire } from 'node:module';
import type { SecretLintRuleCreator, SecretLintRulePresetCreator, SecretLintSourceCode } from '@secretlint/types';
import { isReference } from './assignment/literal.ts';
import type { Detector } from './detector.ts';

interface Known {
  /** What the rule finds, and what that opens. */
  description: string;
  keywords: readonly string[];
  /** Bytes after the keyword that a finding may take; 2048 when absent. */
  after?: number;
  /** A window without this character is not worth asking about. */
  needs?: string;
  /** Cuts a report down to the secret: group 1 of it, and of so many bytes after it. */
  within?: RegExp;
  reach?: number;
}

const PASSWORD_IN_URL = /:\/\/[^/\s:@]*:([^@/\s]+)@/;

/** The lines that say what a PEM block is hold no secret. */
const BETWEEN_MARKERS = /^-----BEGIN[^-\n]{0,60}-----([\s\S]*?)-----END/;

/** The preset's rules by name, with the literals of which one stands at each of their findings. */
export const SECRETLINT_RULES: Readonly<Record<string, Known>> = {
  aws: {
    description: 'AWS secret access key',
    keywords: ['accesskey', 'access_key'],
    // The preset's span begins at the name of the key and is as long as the secret.
    within: /[:=>]\s*["']?([A-Za-z0-9/+=]{40})/,
    reach: 200,
  },
  privatekey: {
    description: 'private key in PEM form',
    keywords: ['-----begin'],
    after: 12_000,
    needs: '-----END',
    within: BETWEEN_MARKERS,
  },
  npm: { description: 'npm access token', keywords: ['npm_', '_authtoken', ':x-oauth-basic@'] },
  basicauth: { description: 'user and password in a URL', keywords: ['://'], needs: '@', within: PASSWORD_IN_URL },
  slack: {
    description: 'Slack token or incoming webhook',
    keywords: ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-', 'hooks.slack.com'],
  },
  sendgrid: { description: 'SendGrid API key', keywords: ['sg.'] },
  shopify: { description: 'Shopify token', keywords: ['shppa_', 'shpca_', 'shpat_', 'shpss_'] },
  github: { description: 'GitHub token', keywords: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'] },
  gitlab: { description: 'GitLab personal access token', keywords: ['glpat-'] },
  grafana: { description: 'Grafana token', keywords: ['glc_', 'glsa_'] },
  openai: { description: 'OpenAI API key', keywords: ['t3blbkfj'] },
  anthropic: { description: 'Anthropic API key', keywords: ['sk-ant-api'] },
  groq: { description: 'Groq API key', keywords: ['gsk_'] },
  huggingface: { description: 'Hugging Face token', keywords: ['hf_'] },
  linear: { description: 'Linear API key', keywords: ['lin_api_'] },
  notion: { description: 'Notion integration token', keywords: ['ntn_'] },
  '1password': { description: '1Password service account token', keywords: ['ops_ey'] },
  'database-connection-string': {
    description: 'password in the connection string of a database',
    keywords: ['mongodb', 'mysql', 'postgres'],
    needs: '@',
    within: PASSWORD_IN_URL,
  },
  'hashicorp-vault': { description: 'HashiCorp Vault token', keywords: ['hvs.', 'hvb.', 'hvr.'] },
  vercel: { description: 'Vercel token', keywords: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'] },
  databricks: { description: 'Databricks personal access token', keywords: ['dapi'] },
  docker: { description: 'Docker Hub personal access token', keywords: ['dckr_pat_'] },
  figma: { description: 'Figma personal access token', keywords: ['figd_'] },
};

/** Rules of the preset that are not asked, for the reasons at the top of this file. */
export const SECRETLINT_LEFT_OUT: readonly string[] = ['gcp', 'filter-comments'];

/** One detector a rule, so that a window is given only to the rule whose literal stands in it. */
export const secretlint: readonly Detector[] = Object.entries(SECRETLINT_RULES).map(([name, known]) => ({
  rules: { [`secretlint.${name}`]: `${known.description}, as secretlint finds it` },
  keywords: known.keywords,
  detect(text, at, path, found) {
    const window = windowAt(text, at, known.after);
    const content = text.slice(window.start, window.end);
    if (known.needs !== undefined && !content.includes(known.needs)) return window.next;
    for (const { range, message } of ask(name, content, path)) {
      const [from, to] = narrow(known, text, window.start + range[0], window.start + range[1]);
      if (to > from && !(known.within === PASSWORD_IN_URL && isFilledIn(text.slice(from, to))))
        found({ rule: `secretlint.${name}`, start: from, end: to, confidence: 'possible', message });
    }
    return window.next;
  },
}));

/** What is filled in where the password of a URL goes: `"$4"`, `DB_PASSWORD`, `${...}`. */
function isFilledIn(secret: string): boolean {
  return isReference(secret) || /["\]]|^[A-Z]+_[A-Z_]+$/.test(secret);
}

const BEFORE = 300;
const AFTER = 2048;
/** On long lines the next window begins this much before the end of the last one, so that no secret is cut. */
const OVERLAP = 512;

function windowAt(text: string, at: number, after: number | undefined): { start: number; end: number; next: number } {
  const before = text.slice(Math.max(at - BEFORE, 0), at);
  const start = at - before.length + before.lastIndexOf('\n') + 1;
  if (after !== undefined) return { start, end: at + after, next: at + 1 };
  const ahead = text.slice(at, at + AFTER);
  const line = ahead.indexOf('\n');
  const end = at + (line < 0 ? ahead.length : line);
  return { start, end, next: line < 0 && end < text.length ? Math.max(end - OVERLAP, at + 1) : end };
}

function narrow(known: Known, text: string, start: number, end: number): readonly [start: number, end: number] {
  if (known.within === undefined) return [start, end];
  const match = known.within.exec(text.slice(start, end + (known.reach ?? 0)));
  if (match === null) return [start, start];
  const from = start + match.index + match[0].lastIndexOf(match[1]!);
  return [from, from + match[1]!.length];
}

type Range = readonly [start: number, end: number];
interface Report {
  range: Range;
  /** Id of the message. */
  message: string;
}

type Asked = (source: SecretLintSourceCode, report: (report: Report) => void) => void;

let asked: ReadonlyMap<string, Asked> | undefined;

/** Asks one rule of the preset about a window. */
function ask(name: string, content: string, path: string): Report[] {
  asked ??= loadPreset();
  const reports: Report[] = [];
  asked.get(name)?.(sourceOf(content, path), (report) => reports.push(report));
  return reports;
}

/** Loads the preset when its first literal is met: 20 ms that most texts never cost. */
function loadPreset(): Map<string, Asked> {
  const require = createRequire(import.meta.url);
  const { creator } = require('@secretlint/secretlint-rule-preset-recommend') as {
    creator: SecretLintRulePresetCreator;
  };
  const rules = new Map<string, Asked>();
  const registerRule = (rule: SecretLintRuleCreator) => {
    const name = rule.meta.id.replace('@secretlint/secretlint-rule-', '');
    let report: (one: Report) => void = () => {};
    const handler = rule.create(
      {
        sharedOptions: {},
        createTranslator: () => (id) => ({ messageId: String(id), message: '' }) as never,
        report: ({ range, message }) => report({ range: [range[0], range[1]], message: message.messageId }),
        ignore: () => {},
      },
      {},
    );
    rules.set(name, (source, to) => {
      report = to;
      handler.file?.(source);
    });
  };
  creator.create({ registerRule } as never, {} as never);
  return rules;
}

/** Rules of the preset look at the text and at the file's name, never at places or lines. */
function sourceOf(content: string, path: string): SecretLintSourceCode {
  const filePath = path === '' ? undefined : path;
  const ext = /\.[^./]*$/.exec(path)?.[0] ?? '';
  return {
    content,
    filePath,
    physicalFilePath: undefined,
    contentType: 'text',
    ext,
    hasBOM: false,
  } as SecretLintSourceCode;
}
