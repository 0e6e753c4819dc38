import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askHidden, readAll } from '../../src/host/index.ts';

/** A keyboard that types what it is given, chunk by chunk. */
function keyboard(...chunks: string[]) {
  const events = new EventEmitter();
  const raw: boolean[] = [];
  return Object.assign(events, {
    raw,
    setRawMode(on: boolean) {
      raw.push(on);
      return events;
    },
    resume() {
      for (const chunk of chunks) events.emit('data', Buffer.from(chunk));
      return events;
    },
    pause: () => events,
  }) as unknown as Parameters<typeof askHidden>[0] & { raw: boolean[] };
}

describe('askHidden', () => {
  it.each([
    { description: 'keys one by one', chunks: ['a', 'b', '\x7f', 'c', '\r'] },
    { description: 'a paste with Enter after it', chunks: ['ac', '\r'] },
    { description: 'a bracketed paste that the screen had wrapped', chunks: ['\x1b[200~a\r\n c\x1b[201~', '\r'] },
    { description: 'Enter first', chunks: ['\r', 'ac\r'] },
  ])('takes $description, and shows nothing of it', async ({ chunks }) => {
    let shown = '';
    const keys = keyboard(...chunks);
    expect(await askHidden(keys, { write: (text: string) => (shown += text) })).toBe('ac');
    expect(shown).toBe('\n');
    expect(keys.raw).toEqual([true, false]);
  });

  it('gives the terminal back when it is cancelled', async () => {
    const keys = keyboard('a', '\x03');
    await expect(askHidden(keys, { write: () => {} })).rejects.toMatchObject({ code: 'host.cancelled', exit: 130 });
    expect(keys.raw).toEqual([true, false]);
  });
});

describe('readAll', () => {
  it('reads a stream to its end, but not an endless one', async () => {
    expect(await readAll(Readable.from([Buffer.from('a'), Buffer.from('b')]))).toBe('ab');
    await expect(readAll(Readable.from([Buffer.alloc(10), Buffer.alloc(10)]), 15)).rejects.toMatchObject({
      code: 'host.too-much',
    });
  });
});
