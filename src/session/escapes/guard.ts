// Reads the session's output as a terminal does and leaves out the sequences that a terminal must not be told. Of a sequence
// that is cut over chunks only its undecided head is held. Every introducer, also one in the middle of a string, begins a new
// sequence that is judged for itself: so terminals may differ in where they take a string to end.
import {
  BACKSLASH,
  BEL,
  BRACKET,
  CAN,
  DEL,
  ESC,
  isPlain,
  isUpper,
  isUpperAfter,
  readable,
  SUB,
  UPPER,
} from './bytes.ts';
import { judgeCsi, judgeEscape, judgeString, type StringKind, type Verdict } from './rules.ts';

/** Bytes that may be held of one sequence until it is decided; what needs more is dropped. */
const LONGEST_HEAD = 512;
/** The same for a string wrapped for tmux, which is judged whole. */
const LONGEST_WRAPPED = 1 << 20;

/** Behind ESC: ] P _ ^ X. */
const INTRODUCERS: Readonly<Record<StringKind, number>> = { osc: 0x5d, dcs: 0x50, apc: 0x5f, pm: 0x5e, sos: 0x58 };
const STRINGS = new Map(Object.entries(INTRODUCERS).map(([kind, byte]) => [byte, kind as StringKind]));

type State = 'ground' | 'upper' | 'escape' | 'csi' | 'string' | 'stringEscape';

/**
 * Makes the guard of one terminal; feed it all output in order, write what it gives.
 * @param onDropped names the kind of what was left out, such as `osc 52`; once for a kind
 */
export function createEscapeGuard(onDropped: (kind: string) => void = () => undefined): (bytes: Buffer) => Buffer {
  const guard = new EscapeGuard(onDropped);
  return (bytes) => guard.pass(bytes);
}

class EscapeGuard {
  readonly #onDropped: (kind: string) => void;
  readonly #told = new Set<string>();
  #state: State = 'ground';
  #kind: StringKind = 'osc';
  #verdict: Verdict = 'more';
  /** The sequence so far, while it is undecided. */
  #held: number[] = [];
  #last = 0;
  #out: number[] = [];

  constructor(onDropped: (kind: string) => void) {
    this.#onDropped = onDropped;
  }

  pass(bytes: Buffer): Buffer {
    if (this.#state === 'ground' && isPlain(bytes, this.#last)) {
      this.#last = bytes.at(-1) ?? this.#last;
      return bytes;
    }
    this.#out = [];
    for (const byte of bytes) {
      this[this.#state](byte);
      this.#last = byte;
    }
    return Buffer.from(this.#out);
  }

  ground(byte: number): void {
    if (byte === ESC) this.#begin('escape', byte);
    else if (byte === UPPER) this.#begin('upper', byte);
    // Alone it is no UTF-8: a terminal that does not read UTF-8 takes it as a control character.
    else if (isUpperAfter(byte, this.#last)) this.#introduce(byte);
    else this.#out.push(byte);
  }

  upper(byte: number): void {
    if (isUpper(byte)) {
      this.#introduce(byte);
    } else {
      this.#release();
      this.ground(byte);
    }
  }

  escape(byte: number): void {
    if (this.#executes(byte)) return;
    const string = this.#held.length === 1 ? STRINGS.get(byte) : undefined;
    if (byte === ESC || byte >= 0x80) {
      this.#reset(); // an ESC that begins nothing says nothing
      this.ground(byte);
    } else if (string !== undefined) this.#openString(string);
    else if (byte === BRACKET && this.#held.length === 1) this.#open('csi', byte);
    else if (byte < 0x30) this.#hold(byte);
    else this.#conclude(byte, judgeEscape, 'escape');
  }

  csi(byte: number): void {
    if (this.#executes(byte)) return;
    if (byte === ESC || byte >= 0x80) {
      this.#drop('csi');
      this.ground(byte);
    } else if (byte < 0x40) this.#hold(byte);
    else this.#conclude(byte, judgeCsi, `csi ${String.fromCharCode(byte)}`);
  }

  string(byte: number): void {
    if (byte === ESC) this.#state = 'stringEscape';
    else if (byte === CAN || byte === SUB || (byte === BEL && this.#kind === 'osc')) this.#endString([byte]);
    else if (isUpperAfter(byte, this.#last)) this.#upperInString(byte);
    else this.#keep(byte);
  }

  stringEscape(byte: number): void {
    this.#state = 'string';
    if (byte === BACKSLASH) {
      this.#endString([ESC, byte]);
    } else if (byte === ESC && this.#isWrapped()) {
      // Inside of a wrapping for tmux each ESC is written twice.
      this.#keep(ESC);
      this.#keep(ESC);
    } else {
      this.#endString([]);
      this.#begin('escape', ESC);
      this.escape(byte);
    }
  }

  #begin(state: State, byte: number): void {
    this.#state = state;
    this.#held = [byte];
  }

  #open(state: State, byte: number): void {
    this.#state = state;
    this.#held.push(byte);
  }

  #openString(kind: StringKind): void {
    this.#state = 'string';
    this.#kind = kind;
    this.#verdict = 'more';
    this.#held = [];
  }

  /** Terminals execute a control character in the middle of a sequence, and read on; CAN and SUB cancel the sequence. */
  #executes(byte: number): boolean {
    if (byte === CAN || byte === SUB) {
      this.#reset();
      this.#out.push(byte);
      return true;
    }
    if (byte === ESC || (byte >= 0x20 && byte !== DEL)) return false;
    if (byte !== DEL) this.#out.push(byte);
    return true;
  }

  /** From here on in seven bits, the same to every terminal. */
  #introduce(byte: number): void {
    const seven = byte - 0x40;
    if (seven === BRACKET || STRINGS.has(seven)) {
      this.#begin('escape', ESC);
      this.escape(seven);
    } else {
      this.#open('ground', byte);
      this.#release();
    }
  }

  /** No text has such a character: it ends the string, or begins another sequence, as the terminal likes. */
  #upperInString(byte: number): void {
    this.#endString([ESC, BACKSLASH]);
    this.#introduce(byte);
  }

  #hold(byte: number): void {
    this.#held.push(byte);
    if (this.#held.length > LONGEST_HEAD) this.#drop(this.#state);
  }

  #conclude(final: number, judge: (body: string) => Verdict, what: string): void {
    this.#held.push(final);
    if (judge(readable(this.#held.slice(1))) === 'pass') this.#release();
    else this.#drop(what);
  }

  #keep(byte: number): void {
    if (this.#verdict === 'pass') this.#out.push(byte);
    if (this.#verdict !== 'more') return;
    this.#held.push(byte);
    if (!this.#isWrapped()) this.#decide(false);
    else if (this.#held.length > LONGEST_WRAPPED) this.#settle('drop', '');
  }

  #decide(ended: boolean): void {
    const head = readable(this.#held);
    const verdict = judgeString(this.#kind, head, ended);
    this.#settle(verdict === 'more' && this.#held.length > LONGEST_HEAD ? 'drop' : verdict, head);
  }

  #settle(verdict: Verdict, head: string): void {
    this.#verdict = verdict;
    if (verdict === 'pass') for (const byte of [ESC, INTRODUCERS[this.#kind], ...this.#held]) this.#out.push(byte);
    if (verdict === 'drop') this.#tell(`${this.#kind} ${/^\d{0,5}/.exec(head)?.[0]}`.trim());
  }

  #endString(terminator: readonly number[]): void {
    if (this.#verdict === 'more' && this.#isWrapped()) this.#settle(this.#unwrapped(), '');
    else if (this.#verdict === 'more') this.#decide(true);
    if (this.#verdict === 'pass') this.#out.push(...terminator);
    this.#reset();
  }

  #isWrapped(): boolean {
    return this.#kind === 'dcs' && this.#held.length >= 5 && String.fromCharCode(...this.#held.slice(0, 5)) === 'tmux;';
  }

  /** What tmux hands on is judged as if it came bare; it goes as it is when nothing of it would be left out. */
  #unwrapped(): Verdict {
    const wrapped = Buffer.from(this.#held.slice(5)).toString('latin1');
    const bare = Buffer.from(wrapped.replaceAll('\x1b\x1b', '\x1b'), 'latin1');
    const guard = new EscapeGuard((kind) => this.#tell(kind));
    return guard.pass(bare).equals(bare) ? 'pass' : 'drop';
  }

  #release(): void {
    for (const byte of this.#held) this.#out.push(byte);
    this.#reset();
  }

  #drop(what: string): void {
    this.#tell(what);
    this.#reset();
  }

  #reset(): void {
    this.#held = [];
    this.#state = 'ground';
  }

  #tell(what: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#onDropped(what);
  }
}
