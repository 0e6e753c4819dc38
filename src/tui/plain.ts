// Questions in plain lines: nothing moves, nothing is drawn over, every answer is a word and Enter. For screen readers,
// terminals that cannot do more, and people who like it.
import { escapeForTerminal } from '../host/index.ts';
import type { Terminal } from './terminal.ts';

export interface PlainChoice<A> {
  /** What is typed; its first letter is enough. */
  word: string;
  says: string;
  answer: A;
}

/** Prints lines, then asks until one of the words is typed; Ctrl-C and Ctrl-D give `otherwise`. */
export async function askPlain<A>(
  lines: readonly string[],
  choices: readonly PlainChoice<A>[],
  otherwise: A,
  { screen, keyboard }: Terminal,
): Promise<A> {
  const write = (text: string) => screen.write(`${escapeForTerminal(text)}\r\n`);
  for (const line of lines) write(line);
  for (const { word, says } of choices) write(`${word}: ${says}`);
  for (;;) {
    screen.write('answer: ');
    const typed = await readWord(keyboard.stream, screen);
    if (typed === undefined) return otherwise;
    const known = choices.filter(({ word }) => typed !== '' && word.startsWith(typed.toLowerCase()));
    if (known.length === 1) return (known[0] as PlainChoice<A>).answer;
    write(`please type one of: ${choices.map(({ word }) => word).join(', ')}`);
  }
}

/** One line, echoed as it is typed; undefined after Ctrl-C or Ctrl-D. */
function readWord(stream: NodeJS.ReadStream, screen: Terminal['screen']): Promise<string | undefined> {
  return new Promise((done) => {
    let word = '';
    const take = (bytes: Buffer) => {
      for (const char of bytes.toString()) {
        if (char === '\x03' || char === '\x04') return end(undefined);
        if (char === '\r' || char === '\n') return end(word.trim());
        if (char === '\x7f' || char === '\b') {
          if (word !== '') screen.write('\b \b');
          word = word.slice(0, -1);
        } else if (char >= ' ' && word.length < 40) {
          word += char;
          screen.write(escapeForTerminal(char));
        }
      }
    };
    const end = (answer: string | undefined) => {
      stream.off('data', take);
      stream.pause();
      screen.write('\r\n');
      done(answer);
    };
    stream.on('data', take);
    stream.resume();
  });
}
