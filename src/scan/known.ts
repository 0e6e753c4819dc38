// Finds the secrets of the session again wherever they stand and in whatever form: as they are, in base64 at each of the
// three alignments, base64url, hex, percent-encoded, JSON-escaped, reversed, and each of these split by blanks and quotes.
// Not an automaton: a vault grows while the session runs, and ten forms of a thousand secrets would not fit 16 bits. The
// first bytes of each form are looked up by hash at every offset; a bit set says nearly always that there is nothing.

import { originOf, type View, ViewBuilder } from './deep/view.ts';
import { type Form, formsOf } from './forms.ts';
import type { Span } from './resolve.ts';

/** Search for the secrets of a session. Make one with {@link createKnownSecrets}; the vault's entries go in by `update`. */
export interface KnownSecrets {
  /** Takes in the entries that are new; does nothing when `version` is the one it had. */
  update(entries: Iterable<{ rule: string; secret: string }>, version: number): void;
  /** The known secrets in `bytes`; `encoding` names the form when it is not the plain one. Spans may overlap. */
  find(bytes: Buffer): (Span & { encoding?: readonly string[] })[];
}

interface Needle {
  rule: string;
  bytes: Buffer;
  form: string | undefined;
  /** Short enough to be part of a word: counts only between characters that no word has. */
  apart: boolean;
}

const BITS = 18;
const GRAM = 4;
/** Shorter secrets would be found everywhere. */
const LEAST = 6;
/** Secrets shorter than this count only as a word of their own, and only as they are. */
const LEAST_INSIDE_WORDS = 10;

export function createKnownSecrets(): KnownSecrets {
  const bits = new Uint32Array((1 << BITS) / 32);
  const needles = new Map<number, Needle[]>();
  const seen = new Set<string>();
  let known = -1;

  function add(rule: string, secret: string): void {
    if (secret.length < LEAST || seen.has(secret)) return;
    seen.add(secret);
    const apart = secret.length < LEAST_INSIDE_WORDS;
    const plain = apart ? [{ form: undefined, text: secret }] : formsOf(secret);
    const forms = apart ? plain : [...plain, ...plain.flatMap(joinedForm)];
    for (const { form, text } of forms) {
      if (text.length < LEAST) continue;
      const bytes = Buffer.from(text, 'latin1');
      const gram = gramAt(bytes, 0);
      const hash = hashOf(gram);
      bits[hash >>> 5]! |= 1 << (hash & 31);
      needles.set(gram, [...(needles.get(gram) ?? []), { rule, bytes, form, apart }]);
    }
  }

  function findIn(bytes: Buffer, view: View | undefined, found: ReturnType<KnownSecrets['find']>): void {
    let gram = bytes.length < GRAM ? 0 : gramAt(bytes, 0) << 8;
    for (let at = 0; at + GRAM <= bytes.length; at++) {
      gram = (gram >>> 8) | (bytes[at + GRAM - 1]! << 24);
      const hash = hashOf(gram);
      if ((bits[hash >>> 5]! & (1 << (hash & 31))) === 0) continue;
      for (const needle of needles.get(gram) ?? []) {
        const end = at + needle.bytes.length;
        if (!matches(bytes, at, needle)) continue;
        const [from, to] = needle.form === 'base64' ? withEdges(bytes, at, end) : [at, end];
        found.push(
          spanOf(
            needle,
            view === undefined ? from : originOf(view, from),
            view === undefined ? to : originOf(view, to - 1) + 1,
          ),
        );
      }
    }
  }

  /** Whether a secret begins anywhere once blanks are taken out: nearly never, and then no copy is made. */
  function mayHoldJoined(bytes: Buffer): boolean {
    let gram = 0;
    let seen = 0;
    for (let at = 0; at < bytes.length; at++) {
      const blank = blankAt(bytes, at);
      if (blank > 0) {
        at += blank - 1;
        continue;
      }
      gram = (gram >>> 8) | (bytes[at]! << 24);
      if (++seen < GRAM) continue;
      const hash = hashOf(gram);
      if ((bits[hash >>> 5]! & (1 << (hash & 31))) === 0) continue;
      if (needles.get(gram)?.some((needle) => goesOn(bytes, at + 1, needle.bytes))) return true;
    }
    return false;
  }

  return {
    update(entries, version) {
      if (version === known) return;
      for (const { rule, secret } of entries) add(rule, secret);
      known = version;
    },
    find(bytes) {
      const found: ReturnType<KnownSecrets['find']> = [];
      if (needles.size === 0) return found;
      findIn(bytes, undefined, found);
      const joined = mayHoldJoined(bytes) ? withoutBlanks(bytes) : undefined;
      if (joined !== undefined) findIn(joined.bytes, joined, found);
      return found;
    },
  };
}

/** Whether the rest of a needle stands at `from`, with blanks in between or not. */
function goesOn(bytes: Buffer, from: number, needle: Buffer): boolean {
  let found = GRAM;
  for (let at = from; found < needle.length && at < bytes.length; at++) {
    const blank = blankAt(bytes, at);
    if (blank > 0) at += blank - 1;
    else if (bytes[at] !== needle[found++]) return false;
  }
  return found === needle.length;
}

/** A form as it reads once {@link withoutBlanks} has gone over it, where that is another. */
function joinedForm({ form, text }: Form): Form[] {
  const joined = withoutBlanks(Buffer.from(text, 'latin1'))?.bytes.toString('latin1') ?? '';
  return joined.length >= LEAST_INSIDE_WORDS ? [{ form, text: joined }] : [];
}

function spanOf(needle: Needle, start: number, end: number): Span & { encoding?: readonly string[] } {
  const span = { rule: needle.rule, start, end, confidence: 'certain' as const };
  return needle.form === undefined ? span : { ...span, encoding: [needle.form] };
}

function matches(bytes: Buffer, at: number, { bytes: needle, apart }: Needle): boolean {
  const end = at + needle.length;
  if (end > bytes.length || bytes.compare(needle, 0, needle.length, at, end) !== 0) return false;
  return !apart || (!isWord(bytes[at - 1]) && !isWord(bytes[end]));
}

/** The letters on both sides of a base64 form hold some bits of the secret too. */
function withEdges(bytes: Buffer, start: number, end: number): [start: number, end: number] {
  return [start - (isBase64(bytes[start - 1]) ? 1 : 0), end + (isBase64(bytes[end]) ? 1 : 0)];
}

function isBase64(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9_]/.test(String.fromCharCode(byte));
}

function gramAt(bytes: Buffer, at: number): number {
  return bytes.readInt32LE(at);
}

function hashOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - BITS);
}

/** Blanks, quotes, `+`, `,`, backslashes, written-out line ends and those of quoted-printable taken out; undefined when none stand there. */
function withoutBlanks(bytes: Buffer): View | undefined {
  const view = new ViewBuilder(bytes);
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const length = blankAt(bytes, at);
    if (length === 0) continue;
    view.copy(from, at);
    from = at + length;
    at = from - 1;
  }
  if (from === 0) return undefined;
  view.copy(from, bytes.length);
  return view.done();
}

const BLANK = new Uint8Array(256);
for (const char of ' \t\r\n"\'`\\+,') BLANK[char.charCodeAt(0)] = 1;
const WRITTEN = new Set([...'nrt'].map((char) => char.charCodeAt(0)));
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const LINE_ENDS = new Set([0x0a, 0x0d]);

function blankAt(bytes: Buffer, at: number): number {
  const byte = bytes[at]!;
  if (byte === EQUALS && LINE_ENDS.has(bytes[at + 1] ?? 0)) return 1;
  if (byte === BACKSLASH && WRITTEN.has(bytes[at + 1] ?? 0)) return 2;
  return BLANK[byte]!;
}
