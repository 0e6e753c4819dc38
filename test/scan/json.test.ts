import { describe, expect, it } from 'vitest';
import { createVault, redactBytes, restoreBytes } from '../../src/redact/index.ts';
import { confineToJson } from '../../src/scan/json.ts';

const span = (start: number, end: number) => ({ rule: 'a.b', start, end, confidence: 'likely' as const });

const CASES: [description: string, text: string, cut: string, left: string[]][] = [
  ['a finding inside one string stays', '{"a": "xSECRETx"}', 'SECRET', ['SECRET']],
  ['one over two strings is cut in two', '["one", "two"]', 'one", "two', ['one', 'two']],
  ['one on a number takes the whole number', '{"a": 1234567}', '3456', ['1234567']],
  ['punctuation is no secret', '{"a": {"b": 1}}', '": {"', []],
  ['an escape at the front is given back', '["\\u0041bcd"]', '0041bcd', ['bcd']],
  ['text that is no JSON stays as it is', '{a: "one", "two"}', 'one", "two', ['one", "two']],
];

describe('confineToJson', () => {
  it.each(CASES)('%s', (_, text, cut, left) => {
    const start = text.indexOf(cut);
    const confined = confineToJson(text, [span(start, start + cut.length)]);
    expect(confined.map((one) => text.slice(one.start, one.end))).toEqual(left);
  });

  it('gives a number a quoted placeholder, which restore takes away with its quotes', () => {
    const given = Buffer.from('{"pin": 1234567, "text": "1234567"}');
    const spans = confineToJson(given.toString(), [span(8, 15), span(26, 33)]);
    const vault = createVault();
    const findings = spans.map((one) => ({ ...one, startUtf16: one.start, endUtf16: one.end }));
    const redacted = redactBytes(given, findings, (rule, secret) => vault.place(rule, secret, 'f')).bytes;
    const { pin, text } = JSON.parse(Buffer.from(redacted).toString()) as Record<string, string>;
    expect(pin).toMatch(/^REDACTED_a_b_bare_[0-9a-f]{8}$/);
    expect(text).toMatch(/^REDACTED_a_b_[0-9a-f]{8}$/);
    expect(Buffer.from(restoreBytes(redacted, vault.lookup).bytes).toString()).toBe(given.toString());
  });
});
