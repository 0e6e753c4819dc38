// Reads JSON without letting go of the bytes: every value knows where it stands, so that a secret can be cut out of a
// body and all other bytes stay as the client wrote them (number formats, key order, escapes). Stricter than
// JSON.parse where two readers could disagree: duplicate keys, bytes after the end and deep nesting are refused.
import { isUtf8 } from 'node:buffer';
import { Refusal } from '../errors/index.ts';

export interface StringNode {
  kind: 'string';
  /** Offset of the opening quote, and after the closing one. */
  start: number;
  end: number;
  escaped: boolean;
}

export interface Member {
  key: string;
  name: StringNode;
  value: JsonNode;
}

export type JsonNode =
  | StringNode
  | { kind: 'object'; start: number; end: number; members: Member[] }
  /** `known`: how many first elements {@link ParseOptions.run} recognised; they are not among the items. */
  | { kind: 'array'; start: number; end: number; items: JsonNode[]; known?: number }
  /** A number, `true`, `false` or `null`. */
  | { kind: 'scalar'; start: number; end: number }
  /** A value that {@link ParseOptions.skip} recognised; not parsed again. */
  | { kind: 'skipped'; start: number; end: number };

export interface ParseOptions {
  /** Asked at the bracket of an array in the outermost object; returns how many of its first elements are known, and the offset after them. */
  run?: (key: string, at: number) => { count: number; end: number } | undefined;
  /** Asked before a member of the outermost object, or an element of an array in it, is parsed; returns the offset after a value that is known already. */
  skip?: (key: string, index: number | undefined, at: number) => number | undefined;
}

const MOST_DEPTH = 128;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Parses a body; throws the refusal `gateway.body-json` with the offset of what is wrong. */
export function parseJson(bytes: Buffer, options: ParseOptions = {}): JsonNode {
  if (!isUtf8(bytes)) throw refuse('it is not UTF-8', 0);
  const parser = new Parser(bytes, options);
  parser.space();
  const root = parser.value(0, undefined);
  parser.space();
  if (parser.at !== bytes.length) throw refuse('there is more after the end', parser.at);
  return root;
}

/** The text of a string, escapes resolved. */
export function textOf(bytes: Buffer, node: StringNode): string {
  if (!node.escaped) return bytes.toString('utf8', node.start + 1, node.end - 1);
  return JSON.parse(bytes.toString('utf8', node.start, node.end)) as string;
}

/** The member of an object by key; undefined for other nodes. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.kind !== 'object') return undefined;
  return node.members.find((each) => each.key === key)?.value;
}

function refuse(why: string, at: number): Refusal {
  return new Refusal('gateway.body-json', { why, at });
}

class Parser {
  at = 0;
  private readonly bytes: Buffer;
  private readonly options: ParseOptions;

  constructor(bytes: Buffer, options: ParseOptions) {
    this.bytes = bytes;
    this.options = options;
  }

  space(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  /** @param key the outermost object's key that this value belongs to, while in reach of the options */
  value(depth: number, key: string | undefined): JsonNode {
    if (depth > MOST_DEPTH) throw refuse('it is nested too deep', this.at);
    switch (this.bytes[this.at]) {
      case 0x22:
        return this.string();
      case 0x7b:
        return this.object(depth);
      case 0x5b:
        return this.array(depth, key);
      default:
        return this.scalar();
    }
  }

  private object(depth: number): JsonNode {
    const start = this.at++;
    const members: Member[] = [];
    const seen = new Set<string>();
    this.space();
    if (this.bytes[this.at] === 0x7d) return { kind: 'object', start, end: ++this.at, members };
    for (;;) {
      if (this.bytes[this.at] !== 0x22) throw refuse('a key is missing', this.at);
      const name = this.string();
      const key = textOf(this.bytes, name);
      if (seen.has(key)) throw refuse('a key stands twice', name.start);
      seen.add(key);
      this.space();
      this.expect(0x3a);
      this.space();
      const outermost = depth === 0;
      members.push({
        key,
        name,
        value: (outermost && this.skipped(key, undefined)) || this.value(depth + 1, outermost ? key : undefined),
      });
      if (this.next(0x7d)) return { kind: 'object', start, end: this.at, members };
    }
  }

  private array(depth: number, key: string | undefined): JsonNode {
    const start = this.at++;
    const items: JsonNode[] = [];
    const run = key === undefined ? undefined : this.options.run?.(key, start);
    const known = run?.count ?? 0;
    this.at = run?.end ?? this.at;
    this.space();
    if (known === 0 && this.bytes[this.at] === 0x5d) return { kind: 'array', start, end: ++this.at, items };
    if (known > 0 && this.next(0x5d)) return { kind: 'array', start, end: this.at, items, known };
    for (;;) {
      items.push((key !== undefined && this.skipped(key, known + items.length)) || this.value(depth + 1, undefined));
      if (this.next(0x5d)) return { kind: 'array', start, end: this.at, items, known };
    }
  }

  private skipped(key: string, index: number | undefined): JsonNode | undefined {
    const end = this.options.skip?.(key, index, this.at);
    if (end === undefined) return undefined;
    const start = this.at;
    this.at = end;
    return { kind: 'skipped', start, end };
  }

  /** After a member or element: true at the closing byte, false after a comma. */
  private next(close: number): boolean {
    this.space();
    if (this.bytes[this.at] === close) {
      this.at++;
      return true;
    }
    this.expect(0x2c);
    this.space();
    return false;
  }

  private expect(byte: number): void {
    if (this.bytes[this.at] !== byte) throw refuse('it is not JSON', this.at);
    this.at++;
  }

  private string(): StringNode {
    const { bytes } = this;
    const start = this.at;
    let at = start + 1;
    let escaped = false;
    for (;;) {
      const byte = bytes[at];
      if (byte === 0x22) break;
      if (byte === undefined) throw refuse('a string does not end', start);
      if (byte < 0x20) throw refuse('a control character stands in a string', at);
      if (byte === 0x5c) {
        escaped = true;
        at += escapeLength(bytes, at);
      } else at++;
    }
    this.at = at + 1;
    return { kind: 'string', start, end: this.at, escaped };
  }

  private scalar(): JsonNode {
    const start = this.at;
    const text = this.bytes.toString('latin1', start, start + 64);
    for (const word of ['true', 'false', 'null']) {
      if (text.startsWith(word)) {
        this.at += word.length;
        return { kind: 'scalar', start, end: this.at };
      }
    }
    NUMBER.lastIndex = 0;
    const match = NUMBER.exec(text);
    if (match === null || match[0].length === 64) throw refuse('it is not JSON', start);
    this.at += match[0].length;
    return { kind: 'scalar', start, end: this.at };
  }
}

/** Length of the escape at a backslash: 2, or 6 for `\uXXXX`. */
function escapeLength(bytes: Buffer, at: number): 2 | 6 {
  const byte = bytes[at + 1];
  if (byte === 0x75) {
    for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit])) throw refuse('a bad escape', at);
    return 6;
  }
  if (byte === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(byte))) throw refuse('a bad escape', at);
  return 2;
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
