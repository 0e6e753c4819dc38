// Only the neighbourhood of what was undone is looked at again: a text of source code has an escape here and there, and a second look at
// all of it for each way to read it would cost many times the first one.
import { originOf, type Stretch, stretchAt, type View, ViewBuilder } from './view.ts';

/** So much is looked at on both sides of a change, and on to the ends of the lines. */
const NEAR = 2048;
/** A longer line is cut at a blank or quote; where it has none for so long, anywhere. */
const LONG = 8192;

const LINE_FEED = 0x0a;
const SEPARATOR = [LINE_FEED, LINE_FEED];
const BREAK = new Uint8Array(256);
for (const char of ' \t\n\r"\'`,;()<>') BREAK[char.charCodeAt(0)] = 1;

interface Window {
  from: number;
  to: number;
}

/** The parts of a view within reach of a change. */
export function near(source: Buffer, view: View): View {
  const windows = windowsOf(view);
  const [first] = windows;
  if (windows.length === 1 && first?.from === 0 && first.to === view.bytes.length) return view;
  return cut(source, view, windows);
}

function windowsOf({ bytes, stretches }: View): Window[] {
  const windows: Window[] = [];
  const close = ({ from, to }: Window) => {
    const window = { from: startOf(bytes, from), to: endOf(bytes, to) };
    const last = windows.at(-1);
    if (last !== undefined && window.from <= last.to + SEPARATOR.length) last.to = Math.max(last.to, window.to);
    else windows.push(window);
  };
  // The ends of lines are looked for once a window is over: where every byte is a change, each of them would look.
  let open: Window | undefined;
  stretches.forEach((stretch, index) => {
    if (!isChange(stretch, stretches[index - 1])) return;
    const end = stretch.undone ? (stretches[index + 1]?.start ?? bytes.length) : stretch.start + 1;
    const from = Math.max(stretch.start - NEAR, 0);
    if (open !== undefined && from <= open.to) open.to = end + NEAR;
    else {
      if (open !== undefined) close(open);
      open = { from, to: end + NEAR };
    }
  });
  if (open !== undefined) close(open);
  return windows;
}

/** Something was undone here, or left out before it. */
function isChange({ start, origin, undone }: Stretch, before: Stretch | undefined): boolean {
  if (undone || before === undefined) return undone || origin > 0;
  return before.undone || origin !== before.origin + start - before.start;
}

function startOf(bytes: Buffer, at: number): number {
  const stop = Math.max(at - LONG, 0);
  let cut = at;
  for (let back = at; back > stop; back--) {
    const byte = bytes[back - 1]!;
    if (byte === LINE_FEED) return back;
    if (cut === at && BREAK[byte] === 1) cut = back;
  }
  return stop === 0 ? 0 : cut;
}

function endOf(bytes: Buffer, at: number): number {
  const stop = Math.min(at + LONG, bytes.length);
  let cut = at;
  for (let ahead = at; ahead < stop; ahead++) {
    const byte = bytes[ahead]!;
    if (byte === LINE_FEED) return ahead;
    if (cut === at && BREAK[byte] === 1) cut = ahead;
  }
  return stop === bytes.length ? stop : cut;
}

function cut(source: Buffer, view: View, windows: readonly Window[]): View {
  const { bytes, stretches, encoding } = view;
  const builder = new ViewBuilder(source);
  for (const { from, to } of windows) {
    if (from > 0) builder.push(SEPARATOR, originOf(view, from));
    for (let index = stretchAt(stretches, from); index < stretches.length && stretches[index]!.start < to; index++) {
      const { start, origin, undone } = stretches[index]!;
      const begin = Math.max(start, from);
      const end = Math.min(stretches[index + 1]?.start ?? bytes.length, to);
      if (undone) builder.push(bytes.subarray(begin, end), origin);
      else builder.copy(origin + begin - start, origin + end - start);
    }
  }
  return builder.done(encoding);
}
