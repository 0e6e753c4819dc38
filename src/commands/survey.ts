// What a session would make of a project, without making a copy: path decisions, and findings by rule.
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createPathRules, type LoadInput, loadPolicy } from '../policy/index.ts';
import { createScanner, prepareScanner, walk } from '../scan/index.ts';

/** Larger files are counted, not scanned: this is a proposal, the session scans everything. */
const MAX_SCANNED = 4_000_000;

export interface Survey {
  files: number;
  hidden: { path: string; pattern: string }[];
  asked: { path: string; pattern: string }[];
  /** Findings by rule id. */
  findings: Record<string, number>;
  findingFiles: string[];
  /** Paths of all files that are not hidden, and folders on the way. */
  paths: { path: string; bytes: number }[];
  folders: string[];
}

/** Looks at every file of the project; bulky folders that policy lays in as overlays are passed by. */
export async function survey(input: LoadInput): Promise<Survey> {
  const policy = await loadPolicy(input);
  const rules = createPathRules(policy);
  const { packs, allow, personalData } = policy.scan;
  const scanner = createScanner(await prepareScanner({ packs, allow, personalData }));
  const seen: Survey = { files: 0, hidden: [], asked: [], findings: {}, findingFiles: [], paths: [], folders: [] };
  const skipped = new Set([...policy.workspace.overlays, '.git']);
  const want = (path: string, isFolder: boolean) => {
    if (isFolder && skipped.has(basename(path))) return false;
    const { decision, pattern } = rules.decide(Buffer.from(path).toString('latin1'), isFolder);
    if (decision === 'hide') seen.hidden.push({ path: isFolder ? `${path}/` : path, pattern });
    else if (isFolder) seen.folders.push(path);
    else if (decision === 'ask') seen.asked.push({ path, pattern });
    return decision !== 'hide' && (isFolder || decision !== 'ask');
  };
  for await (const { file, path } of walk(policy.root, { want })) {
    seen.files++;
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    seen.paths.push({ path, bytes });
    if (bytes > MAX_SCANNED) continue;
    const { findings } = scanner.scanBytes(readFileSync(file), { path });
    if (findings.length > 0) seen.findingFiles.push(path);
    for (const { rule } of findings) seen.findings[rule] = (seen.findings[rule] ?? 0) + 1;
  }
  return seen;
}
