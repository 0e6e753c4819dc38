// Exceptions to rules. An entry always carries a reason, and stops counting after its last day; a comment in a file
// counts only when the user has approved that very file, because whoever writes the file could write the comment.
import { createHash } from 'node:crypto';
import { type AllowlistEntry, createPatternList } from '../policy/index.ts';

/** A secret as an exception looks at it. */
export interface Candidate {
  rule: string;
  /** Latin-1 text of its bytes. */
  secret: string;
  path: string | undefined;
}

type Allows = (candidate: Candidate) => boolean;

/** Compiles the entries that count on `today` (ISO date); entries without a reason never count. */
export function compileAllowlist(entries: readonly AllowlistEntry[], today: string): Allows {
  const live = entries.filter((entry) => entry.reason.trim() !== '' && !isExpired(entry, today)).map(compileEntry);
  return (candidate) => live.some((allows) => allows(candidate));
}

/** The packs (absolute paths) whose own exceptions count for all rules on `today`. */
export function packsThatExcept(entries: readonly AllowlistEntry[], today: string): Set<string> {
  const live = entries.filter((entry) => entry.reason.trim() !== '' && !isExpired(entry, today));
  return new Set(live.flatMap(({ pack }) => pack ?? []));
}

/** SHA-256 of the files whose `sotto:allow` comments count on `today`. */
export function approvedContents(entries: readonly AllowlistEntry[], today: string): Set<string> {
  const live = entries.filter((entry) => entry.reason.trim() !== '' && !isExpired(entry, today));
  return new Set(live.flatMap(({ content }) => content ?? []));
}

/** The last day counts: an entry that expires today is still good today. */
function isExpired({ expires }: AllowlistEntry, today: string): boolean {
  return expires !== undefined && expires.slice(0, 10) < today.slice(0, 10);
}

function compileEntry(entry: AllowlistEntry): Allows {
  const files = entry.path === undefined ? undefined : createPatternList([entry.path], { fold: false });
  const matches = entry.matches === undefined ? undefined : new RegExp(entry.matches);
  const says = [entry.rule, entry.path, entry.matches, entry.sha256].some((one) => one !== undefined);
  return ({ rule, secret, path }) =>
    says &&
    entry.pack === undefined &&
    (entry.rule === undefined || entry.rule === rule) &&
    (files === undefined || (path !== undefined && files.match(path, false) !== undefined)) &&
    (matches === undefined || matches.test(secret)) &&
    (entry.sha256 === undefined || entry.sha256.toLowerCase() === sha256(secret));
}

function sha256(secret: string): string {
  return createHash('sha256').update(Buffer.from(secret, 'latin1')).digest('hex');
}

/** Whether the line that a finding begins on says `sotto:allow` and why; `text` is Latin-1 text. */
export function isAllowedInline(text: string, start: number): boolean {
  if (!mentions(text)) return false;
  // Cut first: a search for the ends of a line of a megabyte would read it again for each finding on it.
  const before = text.slice(Math.max(start - LONGEST_LINE, 0), start);
  const after = text.slice(start, start + LONGEST_LINE);
  const end = after.indexOf('\n');
  const line = before.slice(before.lastIndexOf('\n') + 1) + (end < 0 ? after : after.slice(0, end));
  return /\bsotto:allow[ \t]+[A-Za-z0-9\x80-\xff]/.test(line);
}

const LONGEST_LINE = 4096;

/** The last text that was asked about: a text with many findings is searched once. */
const last = { text: '', mentions: false };

function mentions(text: string): boolean {
  if (last.text !== text) last.mentions = text.includes('sotto:allow');
  // Even when it is equal: the same string is compared by its place in memory, an equal one by a megabyte of letters.
  last.text = text;
  return last.mentions;
}
