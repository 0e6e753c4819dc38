// The ledger is written by appending whole lines, each with one call, to a file nobody else has open.
// Beside it stands a head of fixed size, overwritten in place: number and hash of the last line, signed. A ledger that was cut
// short no longer reaches its head; a head that is one line behind tells of a kill between the two writes.
import { closeSync, constants, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { boundValue } from './bound.ts';
import { makePrivateFolder } from './folder.ts';
import { headFile, sealHead } from './head.ts';
import { keyFile, publicKeyText, signingKey } from './key.ts';
import type { Ledger, LedgerEvent } from './ledger.ts';
import { hashLine, NO_LINE, sealLine } from './line.ts';

export interface OpenLedgerInput {
  /** Made when missing, private to the user; the signing key stands beside it. */
  folder: string;
  /** Names the file: letters, digits, `.`, `_` and `-`. */
  session: string;
  now?: () => Date;
  /** Replaces what must not be recorded, in every string: the vault's secrets by their placeholders. */
  clean?: (text: string) => string;
}

/** Opens a new ledger and writes its first line. Throws refusals `ledger.*`. */
export function openLedger(input: OpenLedgerInput): Ledger {
  const { folder, session, now = () => new Date(), clean = (text: string) => text } = input;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(session)) throw new Error('internal error: not a name for a session');
  makePrivateFolder(folder);
  const key = signingKey(keyFile(folder));
  const path = join(folder, `${session}.jsonl`);
  const fd = openFile(path, constants.O_APPEND);
  const head = openFile(headFile(path), 0);
  let length = 0;
  let seq = 0;
  let prev = NO_LINE;
  let open = true;

  function append(event: LedgerEvent): void {
    if (!open) throw new Refusal('ledger.write', { path, why: 'it is closed' });
    const line = sealLine(boundValue(event, clean) as LedgerEvent, { seq, time: now().toISOString(), prev }, key);
    const bytes = Buffer.from(`${line}\n`);
    writeWhole(fd, bytes, length, path);
    length += bytes.length;
    prev = hashLine(line);
    const sealed = sealHead({ seq, hash: prev }, key);
    seq += 1;
    writeWhole(head, sealed, 0, path, 0);
  }

  append({ kind: 'ledger.open', format: 1, session, key: publicKeyText(key) });
  return {
    path,
    append,
    close() {
      if (!open) return;
      try {
        append({ kind: 'ledger.close', entries: seq + 1 });
        fdatasyncSync(fd);
        fdatasyncSync(head);
      } finally {
        open = false;
        closeSync(fd);
        closeSync(head);
      }
    },
  };
}

function openFile(path: string, more: number): number {
  // Exclusive: two sessions never share a file, and a link laid in wait is not followed.
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW | more;
  try {
    return openSync(path, flags, 0o600);
  } catch (cause) {
    throw new Refusal('ledger.write', { path, why: String((cause as NodeJS.ErrnoException).code) }, { cause });
  }
}

/** Writes all of it or nothing: what a full disk left of a line is taken back, so that a later line can follow once there is room. */
function writeWhole(fd: number, bytes: Uint8Array, before: number, path: string, position: number | null = null): void {
  let written = 0;
  let cause: unknown;
  try {
    written = writeSync(fd, bytes, 0, bytes.length, position);
  } catch (error) {
    cause = error;
  }
  if (written === bytes.length) return;
  if (position === null && written > 0) ftruncateSync(fd, before);
  const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'the disk took only a part';
  throw new Refusal('ledger.write', { path, why }, { cause });
}
