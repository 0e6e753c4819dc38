// Finds secrets in one text of a request: what the rules find, and every secret that the vault already knows.
import { PLACEHOLDER, type Vault } from '../redact/index.ts';
import type { Scanner } from '../scan/index.ts';
import type { TextEdit } from './splice.ts';

/** A secret in a text, in UTF-16 units. */
export interface Sighting {
  rule: string;
  start: number;
  end: number;
}

export interface Sieve {
  /** All secrets of a text, sorted, overlapping ones joined. */
  find(text: string): Sighting[];
  /** Only secrets that the vault knows: for ids and signatures, where a rule would see ghosts. */
  findKnown(text: string): Sighting[];
  /** Replacements that put placeholders over the sightings; enters new secrets into the vault. Lines never move. */
  redact(text: string, sightings: readonly Sighting[]): TextEdit[];
}

export function createSieve(scanner: Scanner, vault: Vault): Sieve {
  let version = -1;
  let known: { secret: string; rule: string }[] = [];

  function findKnown(text: string): Sighting[] {
    if (version !== vault.version) {
      known = [...vault.entries()].map((entry) => ({ secret: fromLatin1(entry.secret), rule: entry.rule }));
      version = vault.version;
    }
    return known.flatMap(({ secret, rule }) => occurrences(text, secret, rule));
  }

  return {
    findKnown: (text) => join(findKnown(text)),
    find(text) {
      const found = scanner
        .scanDeep(text)
        .map((finding) => ({ rule: finding.rule, start: finding.startUtf16, end: finding.endUtf16 }))
        .filter((sighting) => !isPlaceholder(text.slice(sighting.start, sighting.end)));
      return join([...found, ...findKnown(text)]);
    },
    redact: (text, sightings) => sightings.flatMap((sighting) => editsOf(text, sighting, vault)),
  };
}

function occurrences(text: string, secret: string, rule: string): Sighting[] {
  const found: Sighting[] = [];
  if (secret === '') return found;
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
    found.push({ rule, start: at, end: at + secret.length });
  }
  return found;
}

/** Sorted; what overlaps becomes one sighting under the rule of the longest. */
function join(sightings: Sighting[]): Sighting[] {
  sightings.sort((a, b) => a.start - b.start || b.end - a.end);
  const joined: Sighting[] = [];
  let longest = 0;
  for (const sighting of sightings) {
    const last = joined.at(-1);
    const length = sighting.end - sighting.start;
    if (last === undefined || sighting.start >= last.end) {
      joined.push({ ...sighting });
      longest = length;
      continue;
    }
    last.end = Math.max(last.end, sighting.end);
    if (length > longest) {
      last.rule = sighting.rule;
      longest = length;
    }
  }
  return joined;
}

function isPlaceholder(text: string): boolean {
  return text.replace(PLACEHOLDER, '') === '';
}

/** One edit a line, so that a key of many lines keeps its lines. */
function editsOf(text: string, sighting: Sighting, vault: Vault): TextEdit[] {
  const edits: TextEdit[] = [];
  let start = sighting.start;
  for (const line of text.slice(sighting.start, sighting.end).split(/(\r?\n)/)) {
    const end = start + line.length;
    if (line !== '' && !/^\r?\n$/.test(line)) {
      edits.push({ start, end, text: vault.place(sighting.rule, toLatin1(line), 'prompt') });
    }
    start = end;
  }
  return edits;
}

/** The vault keeps bytes as Latin-1 text. */
function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function fromLatin1(secret: string): string {
  return Buffer.from(secret, 'latin1').toString('utf8');
}
