// A secret that was found once by what stands around it (`password: ...`) may stand elsewhere in the tree with nothing around it,
// or encoded. When all files have been scanned, the tree is searched once more for what was found. Tens of thousands of files are
// searched for a few hundred texts, so this is Wu and Manber's search: a table over three bytes tells how far one may skip.
import { type Finding, formsOf } from '../scan/index.ts';

export interface StandingSecret {
  rule: string;
  /** Latin-1 text of its bytes. */
  secret: string;
}

export interface StandingSearch {
  /** How many secrets it has taken in. */
  readonly size: number;
  /** Takes in secrets; those it has are passed by. */
  add(secrets: Iterable<StandingSecret>): void;
  /** Whether any of them stands in these bytes. */
  stands(bytes: Uint8Array): boolean;
  /** Where they stand: sorted, without overlaps. */
  find(bytes: Uint8Array): { rule: string; start: number; end: number; form: string | undefined }[];
}

interface Needle {
  rule: string;
  form: string | undefined;
  bytes: Buffer;
}

/** Shorter texts, and words without a digit, also stand where they are no secret. */
const LEAST = 12;
const BLOCK = 3;
const BITS = 18;
const FARTHEST = LEAST - BLOCK + 1;

/** An empty search. */
export function createStandingSearch(): StandingSearch {
  const skips = new Uint8Array(1 << BITS).fill(FARTHEST);
  const needles = new Map<number, Needle[]>();
  const seen = new Set<string>();

  function add(secrets: Iterable<StandingSecret>): void {
    for (const { rule, secret } of secrets) {
      if (seen.has(secret) || !isDistinct(secret)) continue;
      seen.add(secret);
      for (const { form, text } of formsOf(secret)) if (text.length >= LEAST) addText(rule, form, text);
    }
  }

  function addText(rule: string, form: string | undefined, text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at + BLOCK <= LEAST; at++) {
      const block = blockAt(bytes, at + BLOCK - 1);
      skips[block] = Math.min(skips[block] as number, LEAST - BLOCK - at);
    }
    const last = blockAt(bytes, LEAST - 1);
    needles.set(last, [...(needles.get(last) ?? []), { rule, form, bytes }]);
  }

  function next(bytes: Buffer, from: number): { needle: Needle; start: number } | undefined {
    for (let at = from + LEAST - 1; at < bytes.length; ) {
      const block = blockAt(bytes, at);
      const skip = skips[block] as number;
      if (skip > 0) {
        at += skip;
        continue;
      }
      const start = at - LEAST + 1;
      const needle = longest(needles.get(block), bytes, start);
      if (needle !== undefined) return { needle, start };
      at++;
    }
    return undefined;
  }

  return {
    get size() {
      return seen.size;
    },
    add,
    stands: (bytes) => needles.size > 0 && next(asBuffer(bytes), 0) !== undefined,
    find(bytes) {
      const found: ReturnType<StandingSearch['find']> = [];
      const buffer = asBuffer(bytes);
      for (let hit = needles.size > 0 ? next(buffer, 0) : undefined; hit !== undefined; ) {
        const { rule, form } = hit.needle;
        const end = hit.start + hit.needle.bytes.length;
        found.push({ rule, form, start: hit.start, end });
        hit = next(buffer, end);
      }
      return found;
    },
  };
}

/** Adds to what a scan found in these bytes every secret of the search that stands in them. */
export function withStanding(bytes: Uint8Array, findings: readonly Finding[], search: StandingSearch): Finding[] {
  const standing = search.find(bytes).flatMap((one) => uncovered(one, findings));
  if (standing.length === 0) return [...findings];
  const more = standing.map(({ rule, start, end, form }): Finding => {
    const [startUtf16, endUtf16] = [start, end].map((at) => asBuffer(bytes).toString('utf8', 0, at).length) as [
      number,
      number,
    ];
    const encoding = form === undefined ? {} : { encoding: [form] };
    return { rule, start, end, startUtf16, endUtf16, confidence: 'certain', ...encoding };
  });
  return [...findings, ...more].sort((a, b) => a.start - b.start);
}

/** The parts of a span that no finding covers. */
function uncovered<T extends { start: number; end: number }>(span: T, findings: readonly Finding[]): T[] {
  const parts: T[] = [];
  let from = span.start;
  for (const { start, end } of findings) {
    if (end <= from || start >= span.end) continue;
    if (start > from) parts.push({ ...span, start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < span.end) parts.push({ ...span, start: from });
  return parts;
}

function isDistinct(secret: string): boolean {
  return secret.length >= LEAST && /[0-9]/.test(secret) && /[^0-9\s]/.test(secret);
}

function longest(needles: readonly Needle[] | undefined, bytes: Buffer, start: number): Needle | undefined {
  let found: Needle | undefined;
  for (const needle of needles ?? []) {
    const end = start + needle.bytes.length;
    if (end > bytes.length || needle.bytes.length <= (found?.bytes.length ?? 0)) continue;
    if (bytes.compare(needle.bytes, 0, needle.bytes.length, start, end) === 0) found = needle;
  }
  return found;
}

/** A number for the three bytes that end here. */
function blockAt(bytes: Buffer, at: number): number {
  const three = ((bytes[at] as number) << 16) | ((bytes[at - 1] as number) << 8) | (bytes[at - 2] as number);
  return Math.imul(three, 0x9e3779b1) >>> (32 - BITS);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
