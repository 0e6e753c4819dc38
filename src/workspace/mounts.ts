// Another file system mounted inside the tree is not part of the project. A different device number shows most of them;
// a bind mount of the same file system shows only in the mount table.
import { readFileSync } from 'node:fs';

/** Raw paths of all mount points below a folder, from a mount table in the form of `/proc/self/mountinfo`. */
export function mountsBelow(root: string, table: string = readTable()): Set<string> {
  const points = table.split('\n').map((line) => decodeOctal(line.split(' ')[4] ?? ''));
  const prefix = root === '/' ? '/' : `${root}/`;
  return new Set(points.filter((point) => point.startsWith(prefix)).map((point) => point.slice(prefix.length)));
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function decodeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function readTable(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'latin1');
  } catch {
    return ''; // no mount table on this platform: the device number alone decides
  }
}
