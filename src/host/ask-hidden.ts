// Asks for one line that must not stand on the screen.
import type { ReadStream } from 'node:tty';
import { Refusal } from '../errors/index.ts';

type Keyboard = Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;

/**
 * Reads a line from a terminal without showing it. Spaces and line breaks within a paste are dropped: a long token is wrapped
 * by the screen it is copied from. Throws a refusal `host.cancelled` on Ctrl-C and Ctrl-D.
 */
export async function askHidden(keyboard: Keyboard, screen: { write(text: string): unknown }): Promise<string> {
  keyboard.setRawMode(true);
  try {
    return await readLine(keyboard);
  } finally {
    keyboard.setRawMode(false);
    keyboard.pause();
    screen.write('\n');
  }
}

function readLine(keyboard: Keyboard): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = '';
    const take = (bytes: Buffer) => {
      const keys = bytes.toString('latin1').replace(/\x1b\[20[01]~/g, '');
      const end = (done: () => void) => {
        keyboard.off('data', take);
        done();
      };
      if (/[\x03\x04]/.test(keys)) return end(() => reject(new Refusal('host.cancelled')));
      if (keys === '\x7f' || keys === '\b') line = line.slice(0, -1);
      else line += keys.replace(/\s/g, '');
      // Enter is the last key: a line break inside of a paste is only where the screen was too narrow.
      if (/[\r\n]$/.test(keys) && line !== '') end(() => resolve(line));
    };
    keyboard.on('data', take);
    keyboard.resume();
  });
}

/** All of a stream as text, up to a size no credential reaches. */
export async function readAll(stream: AsyncIterable<Uint8Array>, largest = 65_536): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw new Refusal('host.too-much', { largest });
  }
  return Buffer.concat(chunks).toString('utf8');
}
