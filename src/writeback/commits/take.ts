// Takes the objects, branches and tags of the repository inside into a scratch repository of our own. What stands inside is the
// agent's: its configuration, hooks, alternates and indexes of packs are left there, links are not followed, and only names that git
// itself would give are taken.
import { constants, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Git, type ObjectFormat, openGit } from '../../workspace/index.ts';

/** Full name of a branch or tag to the id that it holds. */
export type Refs = ReadonlyMap<string, string>;

/** Fills `scratch` from the repository folder inside; undefined when there is none or git cannot read it. */
export async function takeRepository(
  inside: string,
  scratch: string,
  format: ObjectFormat,
): Promise<{ git: Git; branches: Refs; tags: Refs } | undefined> {
  if (!isFolder(inside)) return undefined;
  const gitDir = join(scratch, '.git');
  mkdirSync(gitDir);
  const git = openGit({ gitDir });
  if (git === undefined) return undefined;
  const made = await git.run(['init', '-q', '--bare', '--template=', `--object-format=${format}`]);
  if (made.exitCode !== 0) return undefined;
  takeLoose(join(inside, 'objects'), join(gitDir, 'objects'));
  await takePacks(join(inside, 'objects/pack'), join(gitDir, 'objects/pack'), git);
  return { git, branches: readRefs(inside, 'refs/heads'), tags: readRefs(inside, 'refs/tags') };
}

function takeLoose(from: string, to: string): void {
  for (const folder of list(from)) {
    if (!/^[0-9a-f]{2}$/.test(folder) || !isFolder(join(from, folder))) continue;
    mkdirSync(join(to, folder), { recursive: true });
    for (const name of list(join(from, folder))) {
      if (/^([0-9a-f]{38}|[0-9a-f]{62})$/.test(name)) takeFile(join(from, folder, name), join(to, folder, name));
    }
  }
}

/** Each pack gets a new index, made from its content: the one inside could say anything. */
async function takePacks(from: string, to: string, git: Git): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of list(from)) {
    if (!/^pack-[0-9a-f]{40,64}\.pack$/.test(name) || !takeFile(join(from, name), join(to, name))) continue;
    await git.run(['index-pack', join(to, name)]);
  }
}

/** Copies a regular file; anything else stays. */
function takeFile(from: string, to: string): boolean {
  if (!lstatSync(from, { throwIfNoEntry: false })?.isFile()) return false;
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  return true;
}

const REF = /^refs\/(heads|tags)\/[^\0-\x20\x7f~^:?*[\\]+$/;
const ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

function readRefs(inside: string, below: 'refs/heads' | 'refs/tags'): Refs {
  const refs = new Map<string, string>();
  const add = (name: string, id: string) => {
    const isName =
      REF.test(name) && name.startsWith(`${below}/`) && !/(^|\/)\.|\.\.|@\{|\.lock(\/|$)|\/$|\.$|\/\//.test(name);
    if (isName && ID.test(id)) refs.set(name, id);
  };
  for (const line of readText(join(inside, 'packed-refs')).split('\n'))
    add(line.slice(line.indexOf(' ') + 1), line.split(' ', 1)[0] ?? '');
  readLoose(inside, below, add);
  return refs;
}

function readLoose(inside: string, folder: string, add: (name: string, id: string) => void): void {
  for (const name of list(join(inside, folder))) {
    const path = `${folder}/${name}`;
    if (isFolder(join(inside, path))) readLoose(inside, path, add);
    else add(path, readText(join(inside, path)).trim());
  }
}

/** Text of a small regular file, Latin-1; '' for everything else. */
function readText(file: string): string {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() && stat.size < 10_000_000 ? readFileSync(file, 'latin1') : '';
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Names in a real folder; Latin-1, though names that git gives are ASCII and others do not pass. */
function list(folder: string): string[] {
  return isFolder(folder) && existsSync(folder) ? readdirSync(folder) : [];
}
