// Shapes of values between a word and a random text, which tell names, paths and versions from what people make up as passwords.

import { tokenLike } from '../../validators/token-like.ts';

/** The keys of the examples in FIPS 197 and SP 800-38A: every test of AES has them. */
const NIST = /^(?:2b7e151628aed2a6|8e73b0f7da0e6452|603deb1015ca71be|0011223344556677)/i;

/** `/usr/local/sbin/x`, `../keys`: where something lies, or `PWD`. */
export function isPath(value: string): boolean {
  return /^\.{0,2}\/[\w.-]+(?:\/[\w.$()-]*)*$/.test(value) && !/\d.*\d/.test(value);
}

/** A word and a number, as people make passwords: `falcon_26!`, `harbor-58x`. */
export function isNumbered(value: string): boolean {
  return /^(?:[A-Za-z]{4,20}[_.-]|[A-Z][a-z]{3,12}[A-Z][a-z]{3,12})\d{2,4}[a-z]?[!@#$%&*?]?$/.test(value);
}

/** A sign, a word and a number; selectors and mentions end in no such number. */
export function isTaggedWord(value: string): boolean {
  return /^[#@][A-Za-z]{3,}\d{2,}$/.test(value);
}

/** Counted or repeated, not drawn: `abcdef0123456789`, `000102030405...`, `41414141...`, as documents and tests have them. */
export function isSequence(value: string): boolean {
  if (value.length < 14) return false;
  if (/0123456789|1234567890|abcdefghij|ABCDEFGHIJ|aabbccddeeff/.test(value) || NIST.test(value)) return true;
  if (!/^(?:[0-9a-f]{2}){8,}$/i.test(value)) return false;
  const bytes = Buffer.from(value, 'hex');
  const step = bytes[1]! - bytes[0]!;
  return Math.abs(step) < 2 && bytes.every((byte, at) => at === 0 || byte - bytes[at - 1]! === step);
}

/** Short, but letters and digits change places more often than in a name. */
export function isScrambled(value: string): boolean {
  return /^[0-9a-z]{8,9}$/.test(value) && (value.match(/[a-z]\d|\d[a-z]/g)?.length ?? 0) >= 2;
}

/** Short, but no word: digits and signs among the letters. */
export function isSalting(value: string): boolean {
  if (isScrambled(value)) return true;
  return (
    value.length >= 8 &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    /[!@#$%^&*=+?~]/.test(value) &&
    !isOrdinaryMix(value)
  );
}

/** Written like a constant or a type: `RSA_PSS_SHA`, `_Holder`. */
export function isConstant(value: string): boolean {
  return (
    /^[A-Z_]+$/.test(value) ||
    /^_[A-Za-z_]+$/.test(value) ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){2,}$/.test(value) ||
    (/^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+){2,}$/.test(value) && !tokenLike(value))
  );
}

/** Words, versions, paths, times, selectors, operators: mixtures that people write everywhere. */
export function isOrdinaryMix(value: string): boolean {
  return (
    /^[A-Za-z]+(?:[-_.:/# ][A-Za-z]+)+\d{0,3}$/.test(value) ||
    (/^[\d.,:%+-]+[a-z]{0,3}$/i.test(value) && !/^\d{6,}$/.test(value)) ||
    /^(?:\.{0,2}\/|[A-Za-z]:\\|#|\.|@)[\w./\\-]*$/.test(value) ||
    /^(?:[a-z]+|\d+)\/[a-z][\w.+-]*$/.test(value) ||
    /^[a-z]{2}_(?:[A-Z]{2}|\d{3})$/.test(value) ||
    /^(?:[a-z]+|\d+)\/[a-z][\w.+-]*$/.test(value) ||
    /^[a-z]{2}_(?:[A-Z]{2}|\d{3})$/.test(value) ||
    (/^[A-Za-z]+[-_]?v?\d(?:\.\d)*$/.test(value) && value.length < 6) ||
    /^\S*\.(?:com|org|net|io|local|internal)(?:[/:].*)?$/i.test(value) ||
    /^[\w.+-]+@[\w-]+\.\w+$/.test(value)
  );
}

/** Signs with hardly a letter or digit among them. */
export function isLopsided(value: string): boolean {
  const plain = value.match(/[A-Za-z0-9]/g)?.length ?? 0;
  return plain < 3 && (value.length < 10 || plain < 1);
}

export function spaced(value: string): string {
  return value.replace(/([a-z])([A-Z])/g, '$1 $2');
}
