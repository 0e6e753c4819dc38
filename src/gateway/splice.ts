// Cuts replacements into the original bytes: what is not replaced stays byte for byte as the client wrote it, so the
// same prefix of a conversation gives the same bytes at each turn and the provider's prompt cache keeps working.
import type { StringNode } from './json.ts';

/** A replacement of the bytes from `start` to `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** A replacement inside the decoded text of one string, in UTF-16 units. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/** Turns edits of a string's decoded text into splices of its literal; edits are sorted and do not overlap. */
export function spliceString(bytes: Buffer, node: StringNode, edits: readonly TextEdit[]): Splice[] {
  const splices: Splice[] = [];
  let at = node.start + 1;
  let unit = 0;
  const advance = (to: number): number => {
    while (unit < to) {
      const [length, units] = sizeAt(bytes, at);
      at += length;
      unit += units;
    }
    return at;
  };
  for (const edit of edits) {
    const start = advance(edit.start);
    const end = advance(edit.end);
    splices.push({ start, end, text: JSON.stringify(edit.text).slice(1, -1) });
  }
  return splices;
}

/** Bytes and UTF-16 units of the character or escape at an offset inside a literal. */
function sizeAt(bytes: Buffer, at: number): [bytes: number, units: number] {
  const byte = bytes[at] as number;
  if (byte === 0x5c) return bytes[at + 1] === 0x75 ? [6, 1] : [2, 1];
  if (byte < 0x80) return [1, 1];
  if (byte < 0xe0) return [2, 1];
  return byte < 0xf0 ? [3, 1] : [4, 2];
}

/** The bytes with all splices done; the very same buffer when there are none. */
export function applySplices(bytes: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return bytes;
  const parts: Buffer[] = [];
  let at = 0;
  for (const splice of splices) {
    if (splice.start < at) throw new Error('internal error: splices overlap');
    parts.push(bytes.subarray(at, splice.start), Buffer.from(splice.text));
    at = splice.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}
