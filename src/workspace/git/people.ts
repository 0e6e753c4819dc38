// Names in the history. Policy keeps them, or gives each e-mail address a pseudonym that is the same for the whole session
// and another in the next. Either way they are scanned like every other text.
import { createHmac } from 'node:crypto';
import type { Policy } from '../../policy/index.ts';

/** Rewrites texts of the history: commit messages, names, ref names. Takes and gives Latin-1 text of the bytes. */
export interface TextRedactor {
  text(latin1: string, origin: string): string;
}

/** `Name <email> 1700000000 +0100`, as it stands in a commit or tag. */
const IDENTITY = /^(.*?) ?<([^<>]*)>\s+(-?\d+)\s+([+-]\d{4})$/;

/** Rewrites an identity line so that `git fast-import` takes it; one that cannot be read becomes `unknown`. */
export function rewritePerson(
  line: string,
  authors: Policy['git']['authors'],
  key: Uint8Array,
  redactor: TextRedactor,
): string {
  const [, name = '', email = '', time = '0', zone = '+0000'] = IDENTITY.exec(line) ?? ['', 'unknown', 'unknown'];
  if (authors === 'pseudonym') return `${pseudonymOf(email, key)} ${time} ${zone}`;
  const clean = (text: string) => redactor.text(text, '.git').replace(/[<>\n\0]/g, '');
  return `${clean(name)} <${clean(email)}> ${time} ${zone}`.trimStart();
}

/** An identity line without its time. */
export function nameAndEmail(line: string): string {
  return line.slice(0, line.lastIndexOf('>') + 1);
}

/** `Author 1a2b3c <1a2b3c@author.invalid>`. */
export function pseudonymOf(email: string, key: Uint8Array): string {
  const digits = createHmac('sha256', key).update(`author ${email.toLowerCase()}`).digest('hex').slice(0, 8);
  return `Author ${digits} <${digits}@author.invalid>`;
}
