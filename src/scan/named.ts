// Most vendors' tokens have no form of their own: their rules take what looks made by a machine after the vendor's name. The
// words between say whether it can be a secret: a checksum, a commit or the id of a thing stands after names, too.

/** The words before a value are a placeholder of ours: redacting once more would differ from the first time. */
const OURS = /REDACTED_[a-z0-9_]+_[0-9a-f]{8}/;
/** What follows is a checksum or a commit. */
const CHECKSUM =
  /(?:\bh1:\S*|\bsha-?\d{1,3}[-:=_ ]["']?|\bmd5[-:= ]|\bintegrity["']?[:= ]{1,3}["']?|\b(?:commit|revision|rev|blob|tree|digest)s?["']?[/:= ]{1,3}["']?)$/i;
const HEX = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** `project_id: "`: what follows tells which one, unless it is one half of a login. */
const ID =
  /(?:(?<![A-Za-z])[iI][dD]|(?<=[a-z])I[dD]|[uU]{2}[iI][dD])s?["'`\])]{0,3}\s{0,16}(?::=|=>|[:=,(])\s{0,16}["'`]?$/;
const LOGIN_ID =
  /(?:client|app|application|access|api|key|auth|account|consumer|token|secret|user)[ _.-]?(?:key[ _.-]?)?(?:id|uuid)s?\W{0,8}$/i;
const UUID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24})(?:\/|$)/i;

/**
 * Whether the vendor's name at `from` promises that `[start, end)` is a secret.
 * @param text bytes as Latin-1 text
 */
export function isNamed(text: string, from: number, start: number, end: number): boolean {
  const words = text.slice(from, start);
  if (OURS.test(words) || isInsideWord(text, from) || CHECKSUM.test(words)) return false;
  // A piece of a path: `raw.acme.io/tesla-quickstart-templates/...`.
  if (text.charAt(from - 1) === '/' && !/[\s:=("'`]/.test(words)) return false;
  const value = text.slice(start, end);
  // `golang.org/x/vault 8a25...`: a line of a list of packages.
  if (HEX.test(value) && /^[^:=("'`>]*[ \t]$/.test(words) && (text.charAt(from - 1) + words).includes('/'))
    return false;
  return !(UUID.test(value) && ID.test(words) && !LOGIN_ID.test(words));
}

/** `tesla` in `CreateSlave`: the name goes on to the left, and no capital letter or escape (`\n`) begins it. */
function isInsideWord(text: string, from: number): boolean {
  const before = text.charAt(from - 1);
  const first = text.charAt(from);
  if (!/[A-Za-z]/.test(before) || !/[A-Za-z]/.test(first) || text.charAt(from - 2) === '\\') return false;
  return !(/[a-z]/.test(before) && /[A-Z]/.test(first));
}
