/** A word of a name in code: letters, perhaps a short form before them, a short number after or among them (`UIFont`, `oauth2`). */
const WORD =
  /^(?:[A-Z]{0,6}[a-z]{1,23}\d{0,3}|[A-Z]{2,30}\d{0,3}|[A-Z]\d{0,2}(?:[A-Z][a-z]{1,16})?|[A-Z]?[a-z]{2,15}\d{1,2}[a-z]{3,15}|[A-Z]{2,15}\d[A-Z]{3,15}|\d{1,4})$/;
/** A name holds few digits: a year, a size, a version. */
const MOST_DIGITS = 4;
/** Between the words of a name: `_ - . / ~ + =`, and where a small letter meets a capital one. */
const BORDER = /[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/;
/** Short forms that people write without a vowel; any other long piece without one is random. */
const SPELT =
  /^(?:https?|xml|html|css|crm|cms|[ckg]ql|sms|rss|vgs|jwt|ssl|tls|dns|tcp|grpc|rpc|sdk|pdf|png|svg|csv|ftp|ssh|src|pkg|str|ptr|ctx|cfg|tmp|txt|btn|img|prv|pwd|pswd|msg|cmd|mgr|svc|srv|num|gpg|pgp|kms|hmac|rsa|http|dbl)s?$/i;

/** False for what a person named: identifiers, file names, versions, sentences with dashes. Random text is never all words. */
export function tokenLike(secret: string): boolean {
  if (secret.replace(/\D/g, '').length > MOST_DIGITS) return true;
  return secret.split(BORDER).some((piece) => piece !== '' && !isWord(piece));
}

function isWord(piece: string): boolean {
  if (!WORD.test(piece)) return false;
  const letters = piece.replace(/\d/g, '');
  return letters.length < 4 || /[aeiouy]/i.test(letters) || SPELT.test(letters);
}
