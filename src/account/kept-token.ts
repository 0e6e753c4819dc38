// The token that `sotto login` keeps: one file of the person's, which only the person can read.
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import type { Environment } from './client-files.ts';
import { credentialOf } from './token.ts';

/** `$XDG_CONFIG_HOME/sotto/token`, else `~/.config/sotto/token`. */
export function keptTokenFile(input: { env: Environment; home: string }): string {
  const given = input.env.XDG_CONFIG_HOME;
  return join(given?.startsWith('/') ? given : join(input.home, '.config'), 'sotto', 'token');
}

/** The kept token; undefined when there is none. Throws `account.open-file` when others could have read it. */
export function readKeptToken(path: string): string | undefined {
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new Refusal('account.open-file', { path });
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Refusal('account.file', { path, why: String(code) }, { cause: error });
  }
}

/** Keeps a token, swapped in whole. Throws `account.malformed` for what cannot be one. */
export function keepToken(path: string, token: string): void {
  credentialOf('setup-token', token, 'the input');
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${token.trim()}\n`, { mode: 0o600, flag: 'wx' });
    // The umask can only take away; this gives back what a strict one took.
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new Refusal('account.file', { path, why: String((cause as NodeJS.ErrnoException).code) }, { cause });
  }
}

/** Removes the kept token; false when there was none. */
export function dropToken(path: string): boolean {
  const kept = readKeptTokenQuietly(path);
  rmSync(path, { force: true });
  return kept;
}

function readKeptTokenQuietly(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Nothing there to remove.
    return false;
  }
}
