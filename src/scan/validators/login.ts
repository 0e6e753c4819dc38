// `user:password` in front of a host. Tutorials are full of them, so words that only stand for a login are told from real ones.
import { isPlaceholder, isReference, isStandIn, isWeak, strengthOf } from '../detectors/assignment/literal.ts';
import { basicCredentials } from './basic-credentials.ts';

/** The password is neither a reference nor a word that stands for one. */
export function login(secret: string): boolean {
  const password = passwordOf(secret);
  return password !== undefined && !isWeakLogin(password) && !secret.startsWith(`${password}:`);
}

/** The password is a plain word: too weak to be sure, too strong for a reference. */
export function weakLogin(secret: string): boolean {
  if (
    /^(?:user|username|name|login|id|foo|abc|a|xxx?|me|myuser|usr|u|123|john%40example\.com)?:(?:pass|password|passwd|pwd|pw|p|b|bar|xyz|token|mypass)$/i.test(
      secret,
    )
  )
    return false;
  const password = passwordOf(secret);
  return password !== undefined && (isWeakLogin(password) || secret.startsWith(`${password}:`));
}

/** Not a word like `password`, `secret`, `null` that only says what stands there. */
export function notStandIn(secret: string): boolean {
  return !isStandIn(secret) && !isReference(secret) && !isPlaceholder(secret);
}

/** `user:password` as a command line has it, with its quotes. */
export function commandLogin(secret: string): boolean {
  const plain = secret.replace(/["']/g, '');
  const password = plain.slice(plain.indexOf(':') + 1);
  if (plain.startsWith('//') || /^\/\/|^\d{1,5}(?:\/|$)/.test(password) || /[$`]\(|\$\{|^\$/.test(plain)) return false;
  const either = password === '' ? plain.slice(0, -1) : password;
  return !isWeakLogin(either) && !isReference(either);
}

/** A quoted argument that could be a password: not a name, path, address, flag or sentence. */
export function argument(secret: string): boolean {
  const strength = strengthOf(secret);
  if (strength === undefined || isStandIn(secret) || isWeak(secret)) return false;
  return (
    strength === 'random' ||
    strength === 'odd' ||
    (strength === 'mixed' && /\d/.test(secret) && !/^[\w./:-]*$/.test(secret.replace(/[A-Za-z]\w*\d\w*/g, ' ')))
  );
}

/** A literal that could be a signing key: not the name of an algorithm or an encoding. */
export function keyArgument(secret: string): boolean {
  if (
    /^(?:(?:hmac|aes|des|sha|md|rs|hs|es|ps|rsa|pbkdf|utf|a(?=\d))[-_]?\w{0,12}(?:[-_/]\w{1,8}){0,3}|base64\w*|hex|binary|latin1|ascii)$/i.test(
      secret,
    )
  )
    return false;
  const strength = strengthOf(secret);
  return strength !== undefined && strength !== 'word' && notStandIn(secret);
}

/** A registry login: base64 of `user:password`, or a token. */
export function basicOrToken(secret: string): boolean {
  return basicCredentials(secret) || strengthOf(secret) === 'random';
}

function passwordOf(secret: string): string | undefined {
  const rest = secret.slice(secret.indexOf(':') + 1);
  const host = rest.lastIndexOf('@');
  const password = host < 0 ? rest : rest.slice(0, host);
  if (password === password.toUpperCase() && /^[A-Z_]+$/.test(password)) return undefined;
  if (password === '' || /^\d{1,5}$/.test(password) || isReference(password)) return undefined;
  if (/^[<[{(*.]|[>\]})]$|^x+$|^%|^\$/i.test(password)) return undefined;
  return password;
}

function isWeakLogin(password: string): boolean {
  return (
    isStandIn(password) ||
    isWeak(password) ||
    isPlaceholder(password) ||
    /^(?:\w{0,12}[-_]|my|your|the|bad|some|db|user|cache|admin|app|test|foo)?(?:pass|passwd|password|pwd|pw|secret|token|key|p)\d{0,3}$/i.test(
      password,
    ) ||
    /^[a-z]{1,5}$/i.test(password)
  );
}
