import { diffIndices } from 'node-diff3';

/** Lines around a change that are shown with it. */
const CONTEXT = 2;

export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'gap';
  text: string;
}

/** What changed between two texts, with a little around it. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const all: DiffLine[] = [];
  let at = 0;
  const same = (until: number) => {
    while (at < until) all.push({ kind: 'same', text: old[at++] as string });
  };
  for (const change of diffIndices(old, now)) {
    const [start, length] = change.buffer1 as [number, number];
    same(start);
    all.push(...old.slice(start, start + length).map((text) => ({ kind: 'removed' as const, text })));
    all.push(...(change.buffer2Content as string[]).map((text) => ({ kind: 'added' as const, text })));
    at = start + length;
  }
  same(old.length);
  return shorten(all);
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function shorten(lines: readonly DiffLine[]): DiffLine[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, at) => {
    if (near[at]) return [line];
    return at > 0 && near[at - 1] ? [{ kind: 'gap' as const, text: '...' }] : [];
  });
}
