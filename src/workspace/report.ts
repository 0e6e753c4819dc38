// Counts while the copy is made, and tells afterwards what was hidden, asked for, redacted and left out: paths and rule
// ids, never content.
import type { Policy } from '../policy/index.ts';
import type { Copied, Placed, Withheld } from './copy.ts';
import type { WithheldEntry } from './decide.ts';
import { textOf } from './raw-path.ts';
import { hasStub } from './stub.ts';
import type { Snapshot, WithheldWhy, WorkspaceReport } from './workspace.ts';

type CopiedFile = Extract<Copied, { entry: unknown }>;

const LEFT_OUT: Partial<Record<WithheldWhy, string>> = {
  special: 'a pipe, a socket or a device',
  'hard-link': 'another name of a hidden file',
  'other-device': 'another file system is mounted there',
  unreadable: 'it could not be read',
  'too-large': 'too large to be scanned',
  unscanned: 'it could not be scanned',
  binary: 'a binary file that seems to hold a secret',
};

/** The snapshot's entry for a file that its content kept out; the pattern is then the policy's key. */
export function withheldEntry({ why, pattern }: Withheld, origins: Policy['origins']): WithheldEntry {
  return { kind: 'withheld', why, folder: false, stub: hasStub(why), pattern, source: origins[pattern] ?? '' };
}

/** Starts counting. */
export function createTally(policy: Policy) {
  const done = { files: 0, bytes: 0 };
  const placed = new Map<string, readonly Placed[]>();
  const rules = new Map<string, string>();
  return { done, file, withheld, report };

  function file(copied: CopiedFile): void {
    done.files++;
    done.bytes += copied.entry.size;
    if (copied.placed.length > 0) placed.set(copied.path, copied.placed);
  }

  /** The snapshot's entry for a file that its content kept out. */
  function withheld(file: Withheld): WithheldEntry {
    rules.set(file.path, file.rule);
    return withheldEntry(file, policy.origins);
  }

  function report(snapshot: Snapshot, overlays: readonly string[]): Omit<WorkspaceReport, 'git'> {
    const hidden: WorkspaceReport['hidden'][number][] = [];
    const asked: WorkspaceReport['asked'][number][] = [];
    const skipped: WorkspaceReport['skipped'][number][] = [];
    const redacted: Record<string, number> = {};
    const redactedFiles: string[] = [];
    let files = 0;
    let bytes = 0;
    for (const [raw, entry] of snapshot) {
      const path = textOf(raw);
      if (entry.kind === 'link' && entry.stub) skipped.push({ path, why: 'a link that points outside the project' });
      if (entry.kind === 'file') {
        files++;
        bytes += entry.size;
        if (entry.placeholders.length > 0) redactedFiles.push(path);
        for (const { rule } of placed.get(raw) ?? []) redacted[rule] = (redacted[rule] ?? 0) + 1;
      }
      if (entry.kind !== 'withheld') continue;
      const { why, pattern, source } = entry;
      if (why === 'hide') hidden.push({ path, pattern, source });
      else if (why === 'ask') asked.push({ path, pattern, source, rule: rules.get(raw) ?? '' });
      else skipped.push({ path, why: LEFT_OUT[why] ?? why });
    }
    redactedFiles.sort();
    return { files, bytes, hidden, asked, redacted, redactedFiles, skipped, overlays: overlays.map(textOf) };
  }
}
