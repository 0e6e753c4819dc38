// Another reading of the same bytes: escapes undone, blanks taken out. What it came from is kept by stretches, not by bytes: a view of
// a megabyte has a few thousand of them, and is asked only where something was found.

/** Bytes of a view from `start` on, as far as the next stretch. */
export interface Stretch {
  start: number;
  /** Where they stand in the source. */
  origin: number;
  /** They stand for something at `origin`; else they are the source's own bytes. */
  undone: boolean;
}

/** Bytes read in another way. */
export interface View {
  bytes: Buffer;
  stretches: readonly Stretch[];
  /** Length of the source. */
  whole: number;
  /** Name for `Finding.encoding`; undefined when the view only leaves bytes out. */
  encoding?: string;
}

/** Shorter stretches are copied faster byte by byte. */
const SHORT = 48;

/** Collects a view stretch by stretch. */
export class ViewBuilder {
  readonly #source: Buffer;
  readonly #bytes: Buffer;
  readonly #stretches: Stretch[] = [];
  #length = 0;

  /** A view never holds more bytes than its source. */
  constructor(source: Buffer) {
    this.#source = source;
    this.#bytes = Buffer.allocUnsafe(source.length);
  }

  /** Takes the source's bytes `[from, to)` as they are. */
  copy(from: number, to: number): void {
    if (to <= from) return;
    this.#stretches.push({ start: this.#length, origin: from, undone: false });
    if (to - from > SHORT) this.#source.copy(this.#bytes, this.#length, from, to);
    else for (let at = from; at < to; at++) this.#bytes[this.#length + at - from] = this.#source[at]!;
    this.#length += to - from;
  }

  /** Adds bytes that stand for something at `from`. */
  push(bytes: Iterable<number>, from: number): void {
    const start = this.#length;
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
    if (this.#length > start) this.#stretches.push({ start, origin: from, undone: true });
  }

  /** The view; `encoding` names what was undone. */
  done(encoding?: string): View {
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      stretches: this.#stretches,
      whole: this.#source.length,
      ...(encoding === undefined ? {} : { encoding }),
    };
  }
}

/** The offset in the source where byte `at` of the view begins; for its length, the end of the source. */
export function originOf({ bytes, stretches, whole }: View, at: number): number {
  if (at >= bytes.length) return whole;
  const { start, origin, undone } = stretches[stretchAt(stretches, at)]!;
  return undone ? origin : origin + at - start;
}

/** A span of the view as a span of its source. */
export function sourceSpan(view: View, start: number, end: number): [start: number, end: number] {
  return [originOf(view, start), originOf(view, end)];
}

/** Index of the stretch that holds `at`. */
export function stretchAt(stretches: readonly Stretch[], at: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (stretches[middle]!.start <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A view of a view as a view of the source. */
export function compose(outer: View, inner: View): View {
  const stretches: Stretch[] = [];
  inner.stretches.forEach(({ start, origin, undone }, index) => {
    const end = inner.stretches[index + 1]?.start ?? inner.bytes.length;
    if (undone) stretches.push({ start, origin: originOf(outer, origin), undone });
    else through(outer, start, origin, origin + end - start, stretches);
  });
  return { bytes: inner.bytes, stretches, whole: outer.whole };
}

/** Bytes `[from, to)` of a view, which stand at `start` of another one. */
function through({ stretches: outer }: View, start: number, from: number, to: number, into: Stretch[]): void {
  for (let index = stretchAt(outer, from); index < outer.length && outer[index]!.start < to; index++) {
    const { start: begins, origin, undone } = outer[index]!;
    const at = Math.max(begins, from);
    into.push({ start: start + at - from, origin: undone ? origin : origin + at - begins, undone });
  }
}
