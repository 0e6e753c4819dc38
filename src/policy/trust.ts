// Approvals: which content of a project's policy its user has seen and accepted, by hash, as direnv does. Kept outside
// every project, so that nothing a repository holds and nothing an agent writes can approve itself.
import { createHash, randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import { readFileText } from './file-text.ts';
import type { PolicyText } from './layers.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const storeSchema = z.strictObject({
  version: z.literal(1),
  /** By real path of the project. */
  policies: z.record(z.string(), z.strictObject({ sha256, text: z.string(), at: z.string() })),
});

/** The approvals of one user. */
export type TrustStore = z.infer<typeof storeSchema>;

/** @param folder see `userFolder` */
export function trustFile(folder: string): string {
  return join(folder, 'trusted.json');
}

/** Reads the approvals; none when there is no file. @throws Refusal `policy.trust-store` */
export async function readTrust(file: string): Promise<TrustStore> {
  const text = await readFileText(file, file);
  if (text === undefined) return { version: 1, policies: {} };
  try {
    return storeSchema.parse(JSON.parse(text));
  } catch {
    throw new Refusal('policy.trust-store', { file, problem: 'it is damaged' });
  }
}

/** Has the user approved this very content of the project's policy? */
export async function isApprovedPolicy(file: string, root: string, policy: PolicyText): Promise<boolean> {
  const store = await readTrust(file);
  return store.policies[root]?.sha256 === (await hashOfPolicy(policy));
}

/** Writes down that the user approved this content. The store is swapped in whole, readable by its owner only. */
export async function approvePolicy(file: string, root: string, policy: PolicyText, now = new Date()): Promise<void> {
  const store = await readTrust(file);
  store.policies[root] = { sha256: await hashOfPolicy(policy), text: policy.text, at: now.toISOString() };
  await swapIn(file, `${JSON.stringify(store, null, 1)}\n`);
}

/** Takes an approval back; false when there was none. */
export async function withdrawPolicy(file: string, root: string): Promise<boolean> {
  const store = await readTrust(file);
  if (store.policies[root] === undefined) return false;
  delete store.policies[root];
  await swapIn(file, `${JSON.stringify(store, null, 1)}\n`);
  return true;
}

/** SHA-256 over the policy and the rule packs it names: a pack that changes later must be seen again too. */
export async function hashOfPolicy(policy: PolicyText): Promise<string> {
  const hash = createHash('sha256');
  hash.update(`${policy.text.length}\n${policy.text}`);
  for (const pack of policy.content.scan?.packs ?? []) {
    const text = await readFileText(pack.replace(/^!/, ''), pack);
    hash.update(text === undefined ? '\nabsent' : `\n${text.length}\n${text}`);
  }
  return hash.digest('hex');
}

async function swapIn(file: string, text: string): Promise<void> {
  await fs.mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  const opened = await fs.open(beside, 'wx', 0o600);
  try {
    await opened.writeFile(text);
    await opened.sync();
  } finally {
    await opened.close();
  }
  await fs.rename(beside, file);
}
