// A live write-back over a real project and its real copy, for the tests of this room.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../src/policy/index.ts';
import type { WritebackInput } from '../../src/writeback/start.ts';
import { folder, type Opened, open, policyOf, project, secret } from '../workspace/project.ts';

export { folder, project, secret };

export const GUARD = ['.envrc', '.husky/', '.vscode/', 'Makefile', '.github/workflows/'];

/** Write-back policy of the tests; nothing is guarded unless said. */
export function rules(more: Partial<Policy['writeback']> = {}): Policy['writeback'] {
  return { fsync: false, guarded: 'hold', foreign: 'leave', guard: [], ...more };
}

export interface Ready extends Opened {
  input: WritebackInput;
}

/** Opens a project and makes what a write-back starts from. */
export async function ready(
  files: Record<string, string | Buffer>,
  paths: Parameters<typeof policyOf>[1] = {},
  writeback: Partial<Policy['writeback']> = {},
): Promise<Ready> {
  const rest = { writeback: rules(writeback) };
  const opened = await open(project(files), paths, rest);
  const policy = policyOf(opened.root, paths, rest);
  const input = { workspace: opened.workspace, policy, vault: opened.vault, journal: folder() };
  return { ...opened, input };
}

export const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
export const has = (...path: string[]): boolean => existsSync(join(...path));
