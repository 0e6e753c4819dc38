// Whether a path of the copy still is what the snapshot says; if not, it was edited inside.
import { hash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { fsPath } from './raw-path.ts';
import { isStub } from './stub.ts';
import type { SnapshotEntry } from './workspace.ts';

/** Compares what stands at a raw absolute path of the copy with its entry; folders by their kind only. */
export function isAsLeft(path: string, entry: SnapshotEntry | undefined): boolean {
  const stat = lstatSync(fsPath(path), { throwIfNoEntry: false });
  if (entry === undefined) return stat === undefined;
  switch (entry.kind) {
    case 'folder':
      return stat?.isDirectory() ?? false;
    case 'link':
      return entry.stub ? holdsStub(path, stat) : isLinkTo(path, stat, entry.target);
    case 'withheld':
      return entry.stub ? holdsStub(path, stat) : stat === undefined || entry.folder;
    case 'file':
      return isFile(stat) && hash('sha256', readFileSync(fsPath(path))) === entry.copy;
  }
}

const isFile = (stat: Stats | undefined): boolean => stat?.isFile() ?? false;

const holdsStub = (path: string, stat: Stats | undefined): boolean =>
  isFile(stat) && isStub(readFileSync(fsPath(path)));

const isLinkTo = (path: string, stat: Stats | undefined, target: string): boolean =>
  (stat?.isSymbolicLink() ?? false) && readlinkSync(fsPath(path), 'latin1') === target;
