// What the copy holds at a path that is kept out of it. The text is for the model: it says what happened and what to do,
// and nothing about the content.
import { createHash } from 'node:crypto';
import type { WithheldWhy } from './workspace.ts';

const REASONS: Record<WithheldWhy | 'link', string> = {
  hide: 'this file is hidden by policy',
  ask: 'this file is withheld until the person at the terminal allows it; ask them, do not guess what it holds',
  special: 'this is a pipe, a socket or a device, which is not part of the working copy',
  'hard-link': 'this file is withheld: it is another name of a file that policy hides',
  'other-device': 'this is another file system, which is not part of the working copy',
  unreadable: 'this file could not be read',
  'too-large': 'this file is withheld: it is too large to be checked for secrets',
  unscanned: 'this file is withheld: it could not be checked for secrets',
  binary: 'this file is withheld: it is a binary file that seems to hold a secret',
  link: 'this symbolic link is withheld: it points outside the project',
};

/**
 * A stub's sentence wherever it is read, group 1 its number: the gateway knows by it which file the agent wanted, whatever
 * tool it read it with.
 */
export const STUB_SENTENCE =
  /sotto: this [^\n[\]]{10,200} \[([0-9a-f]{8})\]\. Writing to this path changes nothing in the real project\./g;

/** The number of a stub: `turn` counts how often the path was withheld again, so that each time is told apart. */
export function stubNumber(path: string, turn = 0): string {
  return createHash('sha256').update(`${turn}/${path}`, 'latin1').digest('hex').slice(0, 8);
}

/** The bytes of a stub at a raw relative path. */
export function stubOf(why: WithheldWhy | 'link', path: string, turn = 0): Buffer {
  const number = stubNumber(path, turn);
  return Buffer.from(`sotto: ${REASONS[why]} [${number}]. Writing to this path changes nothing in the real project.\n`);
}

/** Whether these bytes are a stub, whole and unchanged. */
export function isStub(bytes: Uint8Array): boolean {
  if (bytes.length > 400) return false;
  const text = Buffer.from(bytes).toString('latin1');
  return text.endsWith('.\n') && text.slice(0, -1).replace(STUB_SENTENCE, '') === '';
}

/** Whether a path that is withheld for this reason holds a stub; otherwise nothing stands there. */
export function hasStub(why: WithheldWhy): boolean {
  return why === 'ask' || why === 'too-large' || why === 'unscanned' || why === 'binary' || why === 'hard-link';
}
