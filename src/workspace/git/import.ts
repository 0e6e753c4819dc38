// The stream that `git fast-import` reads: every byte of the rebuilt history passes through here, put together anew from what
// was decided; nothing is handed through unseen.
import type { Writable } from 'node:stream';
import type { Policy } from '../../policy/index.ts';
import type { Blobs } from './blobs.ts';
import type { PathChange, PlannedCommit, PlannedRef } from './history.ts';
import { type Parsed, withoutSignature } from './messages.ts';
import { nameAndEmail, rewritePerson, type TextRedactor } from './people.ts';

/** Where fast-import puts commits while they are made; removed afterwards. */
export const IMPORT_REF = 'refs/sotto/import';

export interface ImportWriter {
  blob(bytes: Buffer): void;
  commit(commit: PlannedCommit, parsed: Parsed, changes: readonly PathChange[]): void;
  ref(ref: PlannedRef, tag: Parsed | undefined): void;
  /** Mark of a commit; marks count from 1. */
  markOf(commit: string): number;
  end(): void;
}

export interface ImportInput {
  stdin: Writable;
  blobs: Blobs;
  redactor: TextRedactor;
  authors: Policy['git']['authors'];
  key: Uint8Array;
  /** Takes in who is who: `Name <email>` as written here to what it was. */
  people: Map<string, string>;
}

/** Writes the stream; texts are Latin-1 of their bytes. */
export function createImportWriter({ stdin, blobs, redactor, authors, key, people }: ImportInput): ImportWriter {
  const marks = new Map<string, number>();
  const write = (text: string) => stdin.write(text, 'latin1');
  const writeData = (text: string) => write(`data ${text.length}\n${text}\n`);
  const person = (line: string) => {
    const written = rewritePerson(line, authors, key, redactor);
    people.set(nameAndEmail(written), nameAndEmail(line));
    return written;
  };
  return { blob, commit, ref, markOf, end: () => stdin.end() };

  function markOf(commit: string): number {
    const mark = marks.get(commit) ?? marks.size + 1;
    marks.set(commit, mark);
    return mark;
  }

  function blob(bytes: Buffer): void {
    write(`blob\ndata ${bytes.length}\n`);
    stdin.write(bytes);
    write('\n');
  }

  function commit({ id, parents }: PlannedCommit, parsed: Parsed, changes: readonly PathChange[]): void {
    if (parents.length === 0) write(`reset ${IMPORT_REF}\n\n`);
    write(`commit ${IMPORT_REF}\nmark :${markOf(id)}\n`);
    for (const role of ['author', 'committer']) write(`${role} ${person(parsed.header(role) ?? '')}\n`);
    const encoding = parsed.header('encoding');
    if (encoding !== undefined && /^[\w.:-]{1,40}$/.test(encoding)) write(`encoding ${encoding}\n`);
    writeData(redactor.text(parsed.message, '.git'));
    for (const [at, parent] of parents.entries()) write(`${at === 0 ? 'from' : 'merge'} :${markOf(parent)}\n`);
    writeChanges(changes);
    write('\n');
  }

  /** Removals first: a folder may make room for a file of its name. */
  function writeChanges(changes: readonly PathChange[]): void {
    const kept: string[] = [];
    for (const { path, mode, id } of changes) {
      const carried = mode === '000000' ? undefined : blobs.carried(path, mode, id);
      if (carried === undefined) write(`D ${quote(path)}\n`);
      else kept.push(`M ${carried.mode} ${carried.id} ${quote(path)}\n`);
    }
    if (kept.length > 0) write(kept.join(''));
  }

  function ref({ name, commit }: PlannedRef, tag: Parsed | undefined): void {
    const newName = redactor.text(name, '.git');
    if (tag === undefined) {
      write(`reset ${newName}\nfrom :${markOf(commit)}\n\n`);
      return;
    }
    write(`tag ${newName.replace(/^refs\/tags\//, '')}\nfrom :${markOf(commit)}\n`);
    const tagger = tag.header('tagger');
    if (tagger !== undefined) write(`tagger ${person(tagger)}\n`);
    writeData(redactor.text(withoutSignature(tag.message), '.git'));
  }
}

/** A path in C quotes; between them only quote, backslash and newline are special. */
export function quote(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
