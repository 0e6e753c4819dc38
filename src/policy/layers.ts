// Reads policy files into layers.
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
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

const quoteGlob = (path: string) => path.replace(/[\\*?[]/g, '\\$&');

/** Rule packs are named relative to their policy file; rooms get absolute paths. */
function resolvePacks(content: PolicyFile, yaml: YamlText, place: LayerPlace): PolicyFile {
  const packs = content.scan?.packs;
  if (packs === undefined) return content;
  const folder = dirname(place.path);
  const resolved = packs.map((pack, at) => {
    const negated = pack.startsWith('!');
    const path = resolve(folder, negated ? pack.slice(1) : pack);
    if (place.within !== undefined && (isAbsolute(pack) || !staysIn(path, place.within))) {
      const problem = `scan.packs[${at + 1}] leads out of the project`;
      throw new Refusal('policy.invalid', { file: place.name, ...yaml.placeOf(['scan', 'packs', at]), problem });
    }
    return negated ? `!${path}` : path;
  });
  return { ...content, scan: { ...content.scan, packs: resolved } };
}

function staysIn(path: string, folder: string): boolean {
  try {
    return isWithin(realpathSync(path), folder);
  } catch {
    // Not there: scan/ refuses a missing pack in its own words.
    return isWithin(path, folder);
  }
}
