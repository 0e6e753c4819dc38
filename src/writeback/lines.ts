// Lines and what three versions of them make. Pure. All text is the Latin-1 form of the bytes, so nothing is lost.
import { diff3MergeRegions, diffIndices } from 'node-diff3';

/** Above this many lines between the first and the last difference, finding the best match costs too much. */
const LINE_LIMIT = 20_000;

/**
 * Merges two edits of one base line by line.
 * @returns undefined when both changed the same lines, or when the text is too long or not text
 */
export function mergeLines(mine: Buffer, base: Buffer, theirs: Buffer): Buffer | undefined {
  if ([mine, base, theirs].some((bytes) => bytes.includes(0))) return undefined;
  const [a, o, b] = [splitLines(mine), splitLines(base), splitLines(theirs)];
  const { head, tail } = commonEnds([a, o, b]);
  const cut = (lines: string[]) => lines.slice(head, lines.length - tail);
  if (Math.max(a.length, o.length, b.length) - head - tail > LINE_LIMIT) return undefined;
  const middle = mergeMiddle(cut(a), cut(o), cut(b));
  return middle && Buffer.from([...o.slice(0, head), ...middle, ...o.slice(o.length - tail)].join(''), 'latin1');
}

function mergeMiddle(a: string[], o: string[], b: string[]): string[] | undefined {
  const merged: string[] = [];
  for (const region of diff3MergeRegions(a, o, b)) {
    if ('bufferContent' in region) merged.push(...region.bufferContent);
    else if (sameLines(region.aContent, region.bContent)) merged.push(...region.aContent);
    else return undefined;
  }
  return merged;
}

/**
 * Takes an edit hunk by hunk, leaving out those that `refuses`.
 * @returns the text with the other hunks, and how many were left out; undefined when it is too long or not text
 */
export function takeHunks(
  base: Buffer,
  edited: Buffer,
  refuses: (before: string, after: string) => boolean,
): { bytes: Buffer; refused: number } | undefined {
  if (base.includes(0) || edited.includes(0)) return undefined;
  const [o, e] = [splitLines(base), splitLines(edited)];
  const { head, tail } = commonEnds([o, e]);
  if (Math.max(o.length, e.length) - head - tail > LINE_LIMIT) return undefined;
  const lines = o.slice(0, head);
  let refused = 0;
  let at = head;
  for (const hunk of diffIndices(o.slice(head, o.length - tail), e.slice(head, e.length - tail))) {
    const start = head + (hunk.buffer1[0] as number);
    const before = o.slice(start, start + (hunk.buffer1[1] as number));
    lines.push(...o.slice(at, start));
    for (const [was, is] of byLine(before, hunk.buffer2Content as string[])) {
      const refuse = refuses(was.join(''), is.join(''));
      if (refuse) refused++;
      lines.push(...(refuse ? was : is));
    }
    at = start + before.length;
  }
  lines.push(...o.slice(at));
  return { bytes: Buffer.from(lines.join(''), 'latin1'), refused };
}

/** As many lines after as before: each is an edit of its own. */
function byLine(before: string[], after: string[]): [string[], string[]][] {
  if (before.length !== after.length) return [[before, after]];
  return before.map((line, at) => [[line], [after[at] as string]]);
}

/** A line of a diff as people read it: kept, removed or added. */
export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

const AROUND = 3;

/** What differs between two texts, with three lines around it. */
export function diffLines(before: Buffer, after: Buffer): DiffLine[] {
  const [o, e] = [splitLines(before), splitLines(after)];
  const all: DiffLine[] = [];
  let at = 0;
  for (const hunk of diffIndices(o, e)) {
    const [start, length] = hunk.buffer1 as [number, number];
    all.push(...signed(' ', o.slice(at, start)), ...signed('-', o.slice(start, start + length)));
    all.push(...signed('+', hunk.buffer2Content as string[]));
    at = start + length;
  }
  all.push(...signed(' ', o.slice(at)));
  const near = (line: number) => all.slice(Math.max(0, line - AROUND), line + AROUND + 1);
  return all.filter((_, line) => near(line).some(({ sign }) => sign !== ' '));
}

function signed(sign: DiffLine['sign'], lines: readonly string[]): DiffLine[] {
  return lines.map((line) => ({ sign, text: Buffer.from(line.replace(/\r?\n$/, ''), 'latin1').toString('utf8') }));
}

/** Lines with their ends; joining them gives the text again. */
export function splitLines(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** How many lines all versions share at the start and at the end. */
function commonEnds(versions: readonly (readonly string[])[]): { head: number; tail: number } {
  const [first, ...rest] = versions as [readonly string[], ...(readonly string[])[]];
  const shortest = Math.min(...versions.map((lines) => lines.length));
  let head = 0;
  while (head < shortest && rest.every((lines) => lines[head] === first[head])) head++;
  let tail = 0;
  while (tail < shortest - head && rest.every((lines) => lines.at(-1 - tail) === first.at(-1 - tail))) tail++;
  return { head, tail };
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
