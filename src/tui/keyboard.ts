// What is typed while a question is open. Screens never read the process's own input: Ink would change its encoding and its
// raw mode behind the back of the session. What is pasted is dropped, so that no paste answers a question, and so are
// reports that a terminal sends by itself (focus, mouse, answers to queries).
import { PassThrough } from 'node:stream';

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** Focus in and out, mouse (SGR and X10), cursor position, device attributes, OSC and DCS answers. */
const REPORTS =
  /\x1b\[[IO]|\x1b\[<[\d;]*[Mm]|\x1b\[M[\s\S]{3}|\x1b\[[?>]?[\d;]*[Rcnty]|\x1b\[\?[\d;]*u|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)/g;

/** An input stream for screens. */
export interface Keyboard {
  readonly stream: NodeJS.ReadStream;
  /** Hands over what came from the terminal. */
  feed(bytes: Uint8Array | string): void;
}

/** Makes a keyboard that is fed by whoever owns the terminal's input. */
export function createKeyboard(): Keyboard {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true as const,
    isRaw: true,
    fd: -1,
    // The owner of the real input keeps it raw.
    setRawMode: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
  let pasting = false;
  /** The end of what came before: a mark may arrive in two pieces. */
  let held = '';
  return {
    stream: stream as unknown as NodeJS.ReadStream,
    feed(bytes) {
      const typed = withoutPastes(held + (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')));
      if (typed !== '') stream.write(typed);
    },
  };

  function withoutPastes(text: string): string {
    held = '';
    let typed = '';
    let rest = text;
    while (rest !== '') {
      const sign = pasting ? PASTE_END : PASTE_START;
      const mark = rest.indexOf(sign);
      if (mark < 0) held = beginningOf(sign, rest);
      if (!pasting) typed += rest.slice(0, mark < 0 ? rest.length - held.length : mark);
      if (mark < 0) break;
      rest = rest.slice(mark + sign.length);
      pasting = !pasting;
    }
    return typed.replace(REPORTS, '');
  }
}

/** The end of a text that may be the beginning of a mark. A lone escape is a key, so it takes two characters. */
function beginningOf(sign: string, text: string): string {
  for (let length = sign.length - 1; length >= 2; length--) {
    if (text.endsWith(sign.slice(0, length))) return text.slice(-length);
  }
  return '';
}
