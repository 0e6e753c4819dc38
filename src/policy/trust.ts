// Approvals: what its user has seen and accepted, by hash of the content, as direnv does. Kept outside every project, so
// that nothing a repository holds and nothing an agent writes can approve itself.
import { createHash, randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import { readFileText } from './file-text.ts';
import type { PolicyText } from './layers.ts';
import type { PathDecision } from './policy.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const storeSchema = z.strictObject({
  version: z.literal(1),
  /** By real path of the project. */
  policies: z.record(z.string(), z.strictObject({ sha256, text: z.string(), at: z.string() })),
  /** By real path of the project, then by SHA-256 of a file's content: what was answered for good. */
  answers: z.record(z.string(), z.record(sha256, z.enum(['show', 'redacted']))).default({}),
  /** By real path of the project, then by path in it: what was decided for good. */
  decisions: z.record(z.string(), z.record(z.string(), z.enum(['hide', 'ask', 'redact']))).default({}),
  /** By real path of the project: SHA-256 of files in which `sotto:allow` was approved. */
  contents: z.record(z.string(), z.array(sha256)).default({}),
});

type TrustStore = z.infer<typeof storeSchema>;

/** A longer policy is shown whole when it changed, not as a difference. */
const MAX_KEPT_TEXT = 64_000;

/** Room for a thousand projects. */
const MAX_STORE_BYTES = 64_000_000;

/** What a person answered for good about one content. */
export type ContentAnswer = 'show' | 'redacted';

/** @param folder see `userFolder` */
export function trustFile(folder: string): string {
  return join(folder, 'trusted.json');
}

/** Has the user approved this very content of the project's policy? @throws Refusal `policy.trust-store` */
export async function isApproved(file: string, root: string, texts: readonly PolicyText[]): Promise<boolean> {
  const approval = (await readStore(file)).policies[root];
  return approval !== undefined && approval.sha256 === (await hashOf(texts));
}

/** The policy's text as it was last approved. */
export async function approvedText(file: string, root: string): Promise<string | undefined> {
  return (await readStore(file)).policies[root]?.text;
}

/** Writes down that the user approved this content. */
export async function approve(
  file: string,
  root: string,
  texts: readonly PolicyText[],
  now = new Date(),
): Promise<void> {
  const store = await readStore(file);
  const text = shownText(texts);
  const kept = text.length > MAX_KEPT_TEXT ? '' : text;
  store.policies[root] = { sha256: await hashOf(texts), text: kept, at: now.toISOString() };
  await swapIn(file, store);
}

/** Takes an approval, all answers and all decisions for a project back; false when there were none. */
export async function withdraw(file: string, root: string): Promise<boolean> {
  const store = await readStore(file);
  const kinds = [store.policies, store.answers, store.decisions, store.contents];
  const had = kinds.some((kind) => kind[root] !== undefined);
  for (const kind of kinds) delete kind[root];
  if (had) await swapIn(file, store);
  return had;
}

/** What was answered for good about contents of a project, by SHA-256. */
export async function readAnswers(file: string, root: string): Promise<ReadonlyMap<string, ContentAnswer>> {
  return new Map(Object.entries((await readStore(file)).answers[root] ?? {}));
}

/** Remembers an answer for this content, whatever the file is called. */
export async function rememberAnswer(
  file: string,
  root: string,
  content: string,
  answer: ContentAnswer,
): Promise<void> {
  const store = await readStore(file);
  store.answers[root] = { ...store.answers[root], [content]: answer };
  await swapIn(file, store);
}

/** What was decided for good on paths of a project. */
export async function readDecisions(file: string, root: string): Promise<PathDecision[]> {
  const decisions = (await readStore(file)).decisions[root] ?? {};
  return Object.entries(decisions).map(([path, decision]) => ({ path, decision }));
}

/** Remembers decisions on paths; later ones replace earlier ones. */
export async function rememberDecisions(file: string, root: string, decided: readonly PathDecision[]): Promise<void> {
  const store = await readStore(file);
  const made = Object.fromEntries(decided.map(({ path, decision }) => [path, decision]));
  store.decisions[root] = { ...store.decisions[root], ...made };
  await swapIn(file, store);
}

/** SHA-256 (hex) of the project's files in which `sotto:allow` was approved. */
export async function readApprovedContents(file: string, root: string): Promise<readonly string[]> {
  return (await readStore(file)).contents[root] ?? [];
}

/** Writes down in which files of the project `sotto:allow` counts; replaces what was approved before. */
export async function approveContents(file: string, root: string, contents: readonly string[]): Promise<void> {
  const store = await readStore(file);
  store.contents[root] = [...new Set(contents)].sort();
  await swapIn(file, store);
}

/** The texts of a policy as one, for reading and comparing. */
export function shownText(texts: readonly PolicyText[]): string {
  return texts.map(({ place, text }) => (texts.length === 1 ? text : `# ${place.name}\n${text}`)).join('\n');
}

/** SHA-256 over the policy's files and the rule packs they name: a pack that changes later must be seen again too. */
async function hashOf(texts: readonly PolicyText[]): Promise<string> {
  const hash = createHash('sha256');
  const add = (text: string | undefined) => hash.update(text === undefined ? 'absent\n' : `${text.length}\n${text}`);
  for (const { text, content } of texts) {
    add(text);
    for (const pack of content.scan?.packs ?? [])
      for (const file of await packFiles(pack)) add(await readFileText(file, file));
  }
  return hash.digest('hex');
}

/** What of a folder can be part of a pack. */
const PACK_FILE = /\.(ya?ml|toml|json)$|(^|\/)\.secretlintrc$/;

/** A pack is a file or a folder of them. */
async function packFiles(written: string): Promise<string[]> {
  const pack = written.replace(/^!/, '');
  const names = await fs.readdir(pack, { recursive: true }).catch(() => undefined);
  if (names === undefined) return [pack];
  return names
    .filter((name) => PACK_FILE.test(name) && !/(^|\/)node_modules\//.test(name))
    .sort()
    .map((name) => join(pack, name));
}

async function readStore(file: string): Promise<TrustStore> {
  const text = await readFileText(file, file, { limit: MAX_STORE_BYTES });
  if (text === undefined) return { version: 1, policies: {}, answers: {}, decisions: {}, contents: {} };
  try {
    return storeSchema.parse(JSON.parse(text));
  } catch {
    throw new Refusal('policy.trust-store', { file, problem: 'it is damaged' });
  }
}

async function swapIn(file: string, store: TrustStore): Promise<void> {
  await swapInText(file, `${JSON.stringify(store, null, 1)}\n`);
}

/** Writes a file whole or not at all, readable by its owner only. */
export async function swapInText(file: string, text: string): Promise<void> {
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
