// Another reading of the same bytes: escapes undone, blanks taken out. Each byte of a view knows where it came from.

/** `origin[i]` is the offset in the source where byte `i` of the view begins; the last entry is the end of the source. */
export interface View {
  bytes: Buffer;
  origin: Uint32Array;
  /** Name for `Finding.encoding`; undefined when the view only leaves bytes out. */
  encoding?: string;
}

/** Collects a view byte by byte. */
export class ViewBuilder {
  readonly #source: Buffer;
  readonly #bytes: Buffer;
  readonly #origin: Uint32Array;
  #length = 0;

  /** A view never holds more bytes than its source. */
  constructor(source: Buffer) {
    this.#source = source;
    this.#bytes = Buffer.allocUnsafe(source.length);
    this.#origin = new Uint32Array(source.length + 1);
  }

  /** Takes the source's bytes `[from, to)` as they are. */
  copy(from: number, to: number): void {
    this.#source.copy(this.#bytes, this.#length, from, to);
    for (let at = from; at < to; at++) this.#origin[this.#length++] = at;
  }

  /** Adds bytes that stand for something at `from`. */
  push(bytes: readonly number[], from: number): void {
    for (const byte of bytes) {
      this.#bytes[this.#length] = byte;
      this.#origin[this.#length++] = from;
    }
  }

  /** The view; `encoding` names what was undone. */
  done(encoding?: string): View {
    this.#origin[this.#length] = this.#source.length;
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      origin: this.#origin.subarray(0, this.#length + 1),
      ...(encoding === undefined ? {} : { encoding }),
    };
  }
}

/** A span of the view as a span of its source. */
export function sourceSpan(view: View, start: number, end: number): [start: number, end: number] {
  return [view.origin[start]!, view.origin[end]!];
}
