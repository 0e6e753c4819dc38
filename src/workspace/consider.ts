// What would come in if the person allowed a path: read, scanned and redacted as then, and laid nowhere.
import { hash } from 'node:crypto';
import { redactContent } from './copy.ts';
import { look } from './look.ts';
import { join } from './raw-path.ts';
import { readStable } from './read.ts';
import { contextFor, type RefreshInput } from './work.ts';
import type { Considered } from './workspace.ts';

/** Undefined when no regular file stands at the path, or it cannot be read. */
export function consider(path: string, input: RefreshInput): Considered | undefined {
  const { root, device } = input.context;
  const read = readStable(join(root, path), device);
  if (!('bytes' in read)) return undefined;
  const bytes = Uint8Array.from(read.bytes);
  const known = { bytes: bytes.length, content: hash('sha256', bytes) };
  const context = contextFor(path, input);
  const outcome = redactContent(path, bytes, context);
  if ('why' in outcome || look(bytes, path, context).kind !== 'text') return known;
  const findings: Record<string, number> = {};
  for (const { rule } of outcome.placed) findings[rule] = (findings[rule] ?? 0) + 1;
  return { ...known, text: { findings, redacted: Uint8Array.from(outcome.bytes) } };
}
