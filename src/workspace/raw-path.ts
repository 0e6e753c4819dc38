// A file name on Linux is bytes, not text. Inside this room a path is "raw": the Latin-1 text of its bytes, so that names
// that are no UTF-8, and the composed and decomposed twins of one name, stay what they are. Rules and people read `textOf`.

const ASCII = /^[\0-\x7f]*$/;

/** The raw form of a path that came as ordinary text. */
export function rawOf(path: string): string {
  return ASCII.test(path) ? path : Buffer.from(path, 'utf8').toString('latin1');
}

/** What `node:fs` takes for a raw path: the text itself when it is ASCII (cheaper), else its bytes. */
export function fsPath(raw: string): string | Buffer {
  return ASCII.test(raw) ? raw : Buffer.from(raw, 'latin1');
}

/** A raw path as people and path rules read it; bytes that are no UTF-8 become U+FFFD. */
export function textOf(raw: string): string {
  return ASCII.test(raw) ? raw : Buffer.from(raw, 'latin1').toString('utf8');
}

/** Joins a folder (may be '') and a name. */
export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder of a raw path, '' at the top. */
export function parentOf(raw: string): string {
  const slash = raw.lastIndexOf('/');
  return slash < 0 ? '' : raw.slice(0, slash);
}
