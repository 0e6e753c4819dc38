import { expect, it } from 'vitest';
import { assemble } from '../../src/scan/compile.ts';
import { readSecretlintrc } from '../../src/scan/foreign/secretlintrc.ts';
import { createScanner, type Scanner } from '../../src/scan/index.ts';

const TEXT = `t = ${['xoxb', '123456789012', 'abcdefghijABCDEFGHIJ1234'].join('-')}\n`;

/** A scanner of the detectors alone, with what a `.secretlintrc` says of them. */
function scannerWith(rule: object): Scanner {
  const { exceptions } = readSecretlintrc(JSON.stringify({ rules: [rule] }), 'rc');
  const options = { packs: [], allow: [], personalData: false };
  return createScanner({ options, hash: '', compiled: assemble([]), exceptions });
}

const isSlack = (scanner: Scanner) => scanner.scanText(TEXT).some(({ rule }) => rule === 'secretlint.slack');

it.each([
  ['a rule that is not named', { id: 'npm', disabled: true }, true],
  ['a rule switched off', { id: 'slack', disabled: true }, false],
  ['the kind of a report', { id: 'slack', allowMessageIds: ['SLACK_TOKEN'] }, false],
  ['another kind of report', { id: 'slack', allowMessageIds: ['OTHER'] }, true],
  ['an expression that fits', { id: 'slack', options: { allows: ['/^XOXB/i'] } }, false],
  ['an expression that does not fit', { id: 'slack', options: { allows: ['xapp'] } }, true],
  ['the whole preset switched off', { id: '@secretlint/secretlint-rule-preset-recommend', disabled: true }, false],
])("applies to secretlint's findings: %s", (_, rule, found) => {
  expect(isSlack(scannerWith(rule))).toBe(found);
});
