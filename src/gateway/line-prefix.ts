// Tools put something before each line: Read its number, grep file and number, diff a sign. A secret of many lines is
// found all the same, but what is entered into the vault must be the lines themselves, or the next tool that shows a few
// of them without the prefix would show a secret that nobody knows.
import type { Finding } from '../scan/index.ts';

const PREFIXES = [/^ *\d+[\t\u2192]/, /^[^\s:]{1,300}[:-]\d+[:-]/, /^> ?/, /^[+-]/];
const MARKER = /^-----(?:BEGIN|END) /;

/** Splits findings of many lines, each of which has the same kind of prefix, into one finding a line without it. */
export function withoutPrefixes(text: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.flatMap((finding) => {
    const lines = text.slice(finding.startUtf16, finding.endUtf16).split('\n');
    const rest = lines.slice(1).filter((line) => line.trim() !== '');
    const prefix = rest.length === 0 ? undefined : PREFIXES.find((each) => rest.every((line) => each.test(line)));
    return prefix === undefined ? [finding] : splitLines(finding, lines, prefix);
  });
}

function splitLines(finding: Finding, lines: readonly string[], prefix: RegExp): Finding[] {
  const found: Finding[] = [];
  let at = finding.startUtf16;
  for (const [index, line] of lines.entries()) {
    const skipped = index === 0 ? 0 : (prefix.exec(line)?.[0].length ?? 0);
    const secret = line.slice(skipped).trim();
    const start = at + line.indexOf(secret, skipped);
    if (secret !== '' && !MARKER.test(secret))
      found.push({ ...finding, startUtf16: start, endUtf16: start + secret.length });
    at += line.length + 1;
  }
  return found;
}
