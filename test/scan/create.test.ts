import { beforeAll, describe, expect, it } from 'vitest';
import { createScanner, prepareScanner, type Scanner } from '../../src/scan/index.ts';
import { PACK, TOKEN } from './token.ts';

let scanner: Scanner;
beforeAll(async () => {
  scanner = createScanner(await prepareScanner({ packs: [PACK], allow: [], personalData: false }));
});

describe('scanBytes', () => {
  it('finds a token and its span in bytes and in UTF-16 units', () => {
    const text = `é "𝒳" token = "${TOKEN}"\n`;
    const { kind, findings } = scanner.scanBytes(Buffer.from(text));
    expect(kind).toBe('text');
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(Buffer.from(text).subarray(finding!.start, finding!.end).toString()).toBe(TOKEN);
    expect(text.slice(finding!.startUtf16, finding!.endUtf16)).toBe(TOKEN);
  });

  it.each(['utf16le', 'utf16be'] as const)('finds it in %s with and without a byte order mark', (encoding) => {
    for (const mark of ['\ufeff', '']) {
      const text = `${mark}name: é token: ${TOKEN} and the rest of a line of ordinary text\n`;
      const bytes = Buffer.from(text, 'utf16le');
      if (encoding === 'utf16be') bytes.swap16();
      const { kind, findings } = scanner.scanBytes(bytes);
      expect(kind).toBe('text');
      const part = Buffer.from(bytes.subarray(findings[0]!.start, findings[0]!.end));
      expect((encoding === 'utf16be' ? part.swap16() : part).toString('utf16le')).toBe(TOKEN);
    }
  });

  it('is not certain of a token with wrong check digits', () => {
    expect(scanner.scanText(`${TOKEN.slice(0, -1)}Z`).filter((one) => one.confidence === 'certain')).toEqual([]);
  });

  it('survives a structured clone', async () => {
    const prepared = await prepareScanner({ packs: [PACK], allow: [], personalData: false });
    expect(createScanner(structuredClone(prepared)).scanText(TOKEN)).toHaveLength(1);
  });

  it('finds a token wherever it stands in a large text', () => {
    for (const at of [0, 2047, 2500, 4990, 5003, 7490, 9900]) {
      const text = `${'x'.repeat(at)} ${TOKEN} ${'y'.repeat(10_000 - at)}`;
      expect(scanner.scanText(text).map((one) => one.start)).toEqual([at + 1]);
    }
  });
});
