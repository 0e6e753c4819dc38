// What changes how a text is spelt and not what a reader takes from it, all undone at once: quoted-printable, character
// references, characters that are not seen. Only the neighbourhood of what was undone is looked at again: emoji and
// non-breaking blanks stand in ordinary texts, and a second look at all of each would double the work.
import { undoEntities } from './entities.ts';
import { undoQuoted } from './quoted.ts';
import { undoUnseen } from './unseen.ts';
import { type View, ViewBuilder } from './view.ts';

/** The readings of one text that were undone, outermost first. */
export interface PlainView extends View {
  encodings: readonly string[];
}

const UNDO = [undoQuoted, undoEntities, undoUnseen];
/** A reference may stand inside a reference: `&amp;#95;`. */
const ROUNDS = 2;

/** The text as it is read, near what is spelt in another way; undefined when nothing is. */
export function readPlainly(source: Buffer): PlainView | undefined {
  let view: View | undefined;
  const encodings: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const undo of UNDO) {
      const next = undo(view?.bytes ?? source);
      if (next === undefined) continue;
      if (!encodings.includes(next.encoding as string)) encodings.push(next.encoding as string);
      view = view === undefined ? next : compose(view, next);
    }
  }
  return view === undefined ? undefined : { ...near(source, view), encodings };
}

/** A view of a view as a view of the source. */
function compose(outer: View, inner: View): View {
  return { bytes: inner.bytes, origin: inner.origin.map((at) => outer.origin[at]!) };
}

const NEAR = 2048;
const LINE_FEED = 0x0a;
const SEPARATOR = [LINE_FEED, LINE_FEED];

/** The lines of a view within reach of a change. */
function near(source: Buffer, view: View): View {
  const { bytes, origin } = view;
  const windows: [from: number, to: number][] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (origin[at + 1] === origin[at]! + 1 && bytes[at] === source[origin[at]!]) continue;
    const last = windows.at(-1);
    if (last !== undefined && at + NEAR <= last[1]) continue;
    const to = lineEnd(bytes, at + NEAR);
    const from = bytes.lastIndexOf(LINE_FEED, Math.max(0, at - NEAR)) + 1;
    if (last !== undefined && from <= last[1] + SEPARATOR.length) last[1] = to;
    else windows.push([from, to]);
  }
  const [first] = windows;
  if (windows.length === 1 && first?.[0] === 0 && first[1] === bytes.length) return view;
  return cut(source, view, windows);
}

function lineEnd(bytes: Buffer, from: number): number {
  const at = from >= bytes.length ? -1 : bytes.indexOf(LINE_FEED, from);
  return at < 0 ? bytes.length : at;
}

function cut(source: Buffer, { bytes, origin }: View, windows: readonly [from: number, to: number][]): View {
  const near = new ViewBuilder(source);
  for (const [from, to] of windows) {
    if (from > 0) near.push(SEPARATOR, origin[from]!);
    for (let at = from; at < to; at++) near.push([bytes[at]!], origin[at]!);
  }
  return near.done();
}
