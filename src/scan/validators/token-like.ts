/** A word of a name in code: letters, perhaps with a short number after or a digit among them (`V2`, `oauth2`, `page2images`). */
const WORD =
  /^(?:[A-Z]?[a-z]{1,22}\d{0,3}|[A-Z]{2,22}\d{0,3}|[A-Z]\d{0,2}(?:[A-Z][a-z]{1,22})?|[A-Z]?[a-z]{2,15}\d[a-z]{3,15}|[A-Z]{2,15}\d[A-Z]{3,15}|\d{1,4})$/;
/** Between the words of a name: `_ - . ~ + =`, and where a small letter meets a capital one. */
const BORDER = /[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/;

/** False for what a person named: identifiers, file names, versions, sentences with dashes. Random text is never all words. */
export function tokenLike(secret: string): boolean {
  return !secret.split(BORDER).every((piece) => piece === '' || WORD.test(piece));
}
