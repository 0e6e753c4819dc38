// Reads policy files into layers.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { isWithin, readFileText } from './file-text.ts';
import type { Layer } from './merge.ts';
import type { PathDecision } from './policy.ts';
import type { PolicyFile } from './schema.ts';
import { validatePolicy } from './validate.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

/** Where one policy file stands and what it may do. */
export interface LayerPlace {
  path: string;
  /** As shown in messages and origins. */
  name: string;
  mayLoosen: boolean;
  mayLock: boolean;
  /** What the file names must stay in this folder (real path). */
  within?: string;
  above?: string;
}

/** A policy file, read and checked. */
export interface PolicyText {
  readonly place: LayerPlace;
  readonly text: string;
  readonly content: PolicyFile;
  readonly placeOf: YamlText['placeOf'];
}

/** Reads and checks one policy file; undefined when there is none. @throws Refusal `policy.*` */
export async function readPolicyText(place: LayerPlace): Promise<PolicyText | undefined> {
  const text = await readFileText(place.path, place.name, { within: place.within });
  if (text === undefined) return undefined;
  const yaml = readYaml(text, place.name);
  const content = resolvePacks(validatePolicy(yaml, place.name, place.mayLock), yaml, place);
  return { place, text, content, placeOf: yaml.placeOf };
}

/** The layer of a policy file. @param mayLoosen in place of what the file's place says, for an approved project */
export function layerOf({ place, content, placeOf }: PolicyText, mayLoosen = place.mayLoosen): Layer {
  const { name, mayLock, above } = place;
  return {
    name,
    content,
    mayLoosen,
    mayLock,
    placeOf,
    ...(above === undefined ? {} : { above }),
  };
}

/** What environment variables say: `SOTTO_UPSTREAM`, as the user's own word. @throws Refusal `policy.invalid` */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer | undefined {
  const upstream = env.SOTTO_UPSTREAM;
  if (upstream === undefined || upstream === '') return undefined;
  const name = 'SOTTO_UPSTREAM';
  const content = validatePolicy(readYaml(JSON.stringify({ upstream }), name), name);
  return { name, content, mayLoosen: true, mayLock: false };
}

/** What the person decided on single paths, in the review: counts over every file, except over locks. */
export function decisionsLayer(decisions: readonly PathDecision[]): Layer {
  const patterns = (wanted: readonly PathDecision['decision'][], sign: string) =>
    decisions.filter(({ decision }) => wanted.includes(decision)).map(({ path }) => `${sign}/${quoteGlob(path)}`);
  const content = {
    hide: [...patterns(['hide'], ''), ...patterns(['ask', 'redact'], '!')],
    ask: [...patterns(['ask'], ''), ...patterns(['redact'], '!')],
  };
  return { name: 'your decision', content, mayLoosen: true, mayLock: false };
}

/** Files whose comments a person approved: `sotto:allow <reason>` in them counts. */
export function approvedContentsLayer(contents: readonly string[]): Layer {
  const allow = contents.map((content) => ({ content, reason: 'its comments were approved' }));
  return { name: 'your approval', content: { scan: { allow } }, mayLoosen: true, mayLock: false };
}

const quoteGlob = (path: string) => path.replace(/[\\*?[]/g, '\\$&');

/** Rule packs are named relative to their policy file, or as installed npm packages; rooms get absolute paths. */
function resolvePacks(content: PolicyFile, yaml: YamlText, place: LayerPlace): PolicyFile {
  const { packs, allow } = content.scan ?? {};
  const resolvedPath = (pack: string, key: readonly (string | number)[]) => {
    const path = packPath(dirname(place.path), pack);
    if (place.within !== undefined && (isAbsolute(pack) || !staysIn(path, place.within))) {
      const [list, at] = key as [string, number];
      const problem = `scan.${list}[${at + 1}] leads out of the project`;
      throw new Refusal('policy.invalid', { file: place.name, ...yaml.placeOf(['scan', ...key]), problem });
    }
    return path;
  };
  const scan = { ...content.scan };
  if (packs !== undefined)
    scan.packs = packs.map((pack, at) =>
      pack.startsWith('!') ? `!${resolvedPath(pack.slice(1), ['packs', at])}` : resolvedPath(pack, ['packs', at]),
    );
  if (allow !== undefined)
    scan.allow = allow.map((entry, at) =>
      entry.pack === undefined ? entry : { ...entry, pack: resolvedPath(entry.pack, ['allow', at, 'pack']) },
    );
  return content.scan === undefined ? content : { ...content, scan };
}

const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** What lies beside the policy file comes first; a package is looked for in `node_modules` here and above. */
function packPath(folder: string, pack: string): string {
  const beside = resolve(folder, pack);
  if (existsSync(beside) || !PACKAGE_NAME.test(pack)) return beside;
  for (let above = folder; ; above = dirname(above)) {
    const path = join(above, 'node_modules', pack);
    if (existsSync(path)) return path;
    if (above === dirname(above)) return beside;
  }
}

function staysIn(path: string, folder: string): boolean {
  try {
    return isWithin(realpathSync(path), folder);
  } catch {
    // Not there: scan/ refuses a missing pack in its own words.
    return isWithin(path, folder);
  }
}
