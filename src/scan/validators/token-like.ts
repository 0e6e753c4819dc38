import { strangeness } from '../detectors/assignment/letters.ts';

/** A word of a name in code: letters, perhaps a short form before them, a short number after or among them (`UIFont`, `oauth2`). */
const WORD =
  /^(?:[A-Z]{0,6}[a-z]{1,23}\d{0,3}|[A-Z]{2,30}\d{0,3}|[A-Z]\d{0,2}(?:[A-Z][a-z]{1,16})?|[A-Z]?[a-z]{2,15}\d{1,2}[a-z]{3,15}|[A-Z]{2,15}\d[A-Z]{3,15}|\d{1,4})$/;
/** A name holds few digits: a year, a size, a version; a long one may hold some more. */
const MOST_DIGITS = 4;
const DIGITS_SHARE = 0.12;
/** Between the words of a name: `_ - . / ~ + =`, and where a small letter meets a capital one. */
const BORDER = /[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])/;
/** Short forms that people write without a vowel; any other long piece without one is random. */
const SPELT =
  /^(?:https?|xml|html|css|crm|cms|[ckg]ql|sms|rss|vgs|jwt|ssl|tls|dns|tcp|grpc|rpc|sdk|pdf|png|svg|csv|ftp|ssh|src|pkg|str|ptr|ctx|cfg|tmp|txt|btn|img|prv|pwd|pswd|msg|cmd|mgr|svc|srv|num|gpg|pgp|kms|hmac|rsa|pkcs|http|dbl)s?$/i;

/** Numbers as code writes them, and versions that Go makes of a commit. */
const NUMBER = /^(?:0x[0-9a-f]{1,16}|(?:\d-)?20\d{12}-[0-9a-f]{12})$/i;
/** A piece of a slug, with the numbers that sizes, versions and pages have. */
const SLUG_PIECE = /^(?:[A-Za-z]+\d{0,4}|\d{1,5}|\d{7}|\d{9}|[A-Za-z]\d{0,2}[A-Za-z]?|\d{1,4}[A-Za-z]{1,2})$/;
/** Code points of an emoji, as they name its picture. */
const CODE_POINTS = /^1F[0-9A-F]{3}(?:-(?:[0-9A-F]{4}|1F[0-9A-F]{3}))+$/i;
/** Mean cost in bits of a letter, above which letters are no words; names of many parts are full of short forms. */
const STRANGE = 4.4;
const STRANGER = 0.3;
/** No words, however they are cut. */
const VERY_STRANGE = 5.2;

/** False for what a person named: identifiers, file names, versions, sentences with dashes. Random text is never all words. */
export function tokenLike(secret: string): boolean {
  if (NUMBER.test(secret) || CODE_POINTS.test(secret) || isSlug(secret)) return false;
  if (secret.replace(/\D/g, '').length > Math.max(MOST_DIGITS, secret.length * DIGITS_SHARE)) return true;
  const strange = meanStrangeness(secret);
  if (strange < VERY_STRANGE && secret.split(BORDER).every((piece) => piece === '' || isWord(piece))) return false;
  const joints = Math.min(secret.match(/(?<=[A-Za-z0-9])[-_.:]+(?=[A-Za-z0-9])/g)?.length ?? 0, 3);
  return strange > STRANGE + joints * STRANGER;
}

/** Three pieces or more, each a word or a short number. */
function isSlug(secret: string): boolean {
  const pieces = secret.split(/[-_./]+/);
  // Groups of one length are how keys are printed for people: `ABCD1-EFGH2-IJKL3`.
  if (pieces.slice(1).every((piece) => piece.length > 4 && piece.length === pieces[1]?.length)) return false;
  return pieces.length > 2 && pieces.every((piece) => SLUG_PIECE.test(piece)) && meanStrangeness(secret) < VERY_STRANGE;
}

/** How little the letters of `secret` read like words, weighted by their number. */
export function meanStrangeness(secret: string): number {
  let letters = 0;
  let cost = 0;
  for (const part of secret.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []) {
    letters += part.length;
    cost += strangeness(part) * part.length;
  }
  return letters === 0 ? 0 : cost / letters;
}

function isWord(piece: string): boolean {
  if (!WORD.test(piece)) return false;
  const letters = piece.replace(/\d/g, '');
  return letters.length < 4 || /[aeiouy]/i.test(letters) || SPELT.test(letters);
}
