// One signing key an installation, made once. Whoever can read it can write ledgers that verify: it proves to its owner that
// nobody without the key (the agent, another user, whoever gets the files later) changed a line; it does not prove against the owner.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { makePrivateFolder } from './folder.ts';

/** The signing key stands beside the folder of ledgers: `<state>/key` for `<state>/ledger`. */
export function keyFile(folder: string): string {
  return join(dirname(folder), 'key');
}

/** Reads the signing key, or makes it when there is none. Throws a refusal `ledger.key` when it is broken or open to others. */
export function signingKey(path: string): KeyObject {
  const text = readIfThere(path) ?? createKey(path);
  if ((statSync(path).mode & 0o077) !== 0) throw new Refusal('ledger.key', { path, why: 'others can read it' });
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new Refusal('ledger.key', { path, why: 'not a private key' }, { cause });
  }
}

/** The public key that ledgers of this installation carry; undefined when it has no signing key yet. */
export function trustedKey(path: string): string | undefined {
  return readIfThere(path) === undefined ? undefined : publicKeyText(signingKey(path));
}

/** The public key of this installation, for checking its ledgers elsewhere; makes the key when there is none. */
export function installationKey(folder: string): string {
  makePrivateFolder(folder);
  return publicKeyText(signingKey(keyFile(folder)));
}

/** The public key as it stands in the first line of a ledger: SubjectPublicKeyInfo, base64. */
export function publicKeyText(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

/** Turns the text of {@link publicKeyText} into a key again; undefined when it is none. */
export function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // Not a key: the caller reports the line.
    return undefined;
  }
}

function createKey(path: string): string {
  const pair = generateKeyPairSync('ed25519');
  const text = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    // A link fails when another session was first; then that one's key counts.
    linkSync(temporary, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new Refusal('ledger.write', { path, why: String((cause as NodeJS.ErrnoException).code) }, { cause });
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Refusal('ledger.key', { path, why: String(code) }, { cause: error });
  }
}
