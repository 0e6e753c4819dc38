// Where the name around a keyword begins and ends: letters, digits, `_`, `-`, `.`, `$`, as names of variables, fields, flags,
// headers and properties have them.

const NAME = new Uint8Array(256);
for (let unit = 48; unit < 58; unit++) NAME[unit] = 1;
for (let unit = 65; unit < 91; unit++) NAME[unit] = NAME[unit + 32] = 1;
for (const sign of '_-.$') NAME[sign.charCodeAt(0)] = 1;

/** Longer runs are values (base64, paths of packages), not names. */
const LONGEST = 100;

/** The name that holds `at`, as `[start, end)`, or undefined when the run is too long to be one. */
export function keySpan(text: string, at: number): [start: number, end: number] | undefined {
  let start = at;
  while (start > 0 && NAME[text.charCodeAt(start - 1)] === 1) {
    start--;
    if (at - start > LONGEST) return undefined;
  }
  let end = at;
  while (end < text.length && NAME[text.charCodeAt(end)] === 1) {
    end++;
    if (end - at > LONGEST) return undefined;
  }
  // A dot or dash at the edge is punctuation: `--password`, `the password.`
  while (start < end && isEdge(text.charCodeAt(start))) start++;
  while (end > start && isEdge(text.charCodeAt(end - 1))) end--;
  return end > start ? [start, end] : undefined;
}

function isEdge(unit: number): boolean {
  return unit === 45 || unit === 46 || unit === 36;
}
