// `extends:` brings in other policy files before the one that names them: files beside it, and npm packages pinned by the
// hash of their policy file. Loaded as data: no code of a package runs, and nothing is fetched.
import { createHash } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { readFileText } from './file-text.ts';
import { type LayerPlace, type PolicyText, readPolicyText } from './layers.ts';

/** The policy file in a package. */
const PACKAGE_FILE = 'policy.yaml';
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const MAX_FILES = 32;

/** Reads a policy file and all that it extends, in the order in which they count; undefined when there is no such file. */
export async function readPolicyTexts(place: LayerPlace): Promise<PolicyText[] | undefined> {
  const first = await readPolicyText(place);
  return first === undefined ? undefined : withExtended(first, [place.path], { left: MAX_FILES });
}

async function withExtended(
  text: PolicyText,
  above: readonly string[],
  files: { left: number },
): Promise<PolicyText[]> {
  const texts: PolicyText[] = [];
  for (const [at, extension] of (text.content.extends ?? []).entries()) {
    const refuse = (problem: string, advice: string) =>
      new Refusal('policy.extends', { file: text.place.name, ...text.placeOf(['extends', at]), problem, advice });
    if (files.left-- === 0) throw refuse(`more than ${MAX_FILES} files are extended`, 'put them together');
    const place =
      typeof extension === 'string'
        ? besidePlace(text.place, extension)
        : await packagePlace(text.place, extension, refuse);
    if (above.includes(place.path)) throw refuse('this file extends itself', 'take the entry out');
    const extended = await readPolicyText(place);
    if (extended === undefined)
      throw refuse('this file does not exist', 'paths are relative to the file that names them');
    texts.push(...(await withExtended(extended, [...above, place.path], files)));
  }
  return [...texts, text];
}

/** A file beside the one that names it has the same rights, and must stay in the same project. */
function besidePlace(place: LayerPlace, path: string): LayerPlace {
  const beside = resolve(dirname(place.path), path);
  return { ...place, path: beside, name: place.within === undefined ? beside : relative(place.within, beside) };
}

async function packagePlace(
  place: LayerPlace,
  { package: name, integrity }: { package: string; integrity: string },
  refuse: (problem: string, advice: string) => Refusal,
): Promise<LayerPlace> {
  if (!PACKAGE_NAME.test(name)) throw refuse('this is no name of an npm package', 'write it as in package.json');
  const shown = `${name}/${PACKAGE_FILE}`;
  for (let folder = dirname(place.path); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name, PACKAGE_FILE);
    const text = await readFileText(path, shown);
    if (text !== undefined) {
      const found = integrityOf(text);
      if (found !== integrity)
        throw refuse(`${shown} is not the one that was pinned`, `if the change is meant, pin ${found}`);
      const { within: _, ...rights } = place;
      return { ...rights, path, name: shown };
    }
    if (folder === dirname(folder)) throw refuse(`${shown} is not installed`, 'install the package, then start again');
  }
}

/** The pin of a policy file: `sha512-` and base64, as npm writes it. */
export function integrityOf(text: string): string {
  return `sha512-${createHash('sha512').update(text).digest('base64')}`;
}
