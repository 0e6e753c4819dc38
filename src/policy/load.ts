// Which files make the policy of a session, in order: built-in packs, the organisation's, the user's, the project's.
// A broken file is a refusal, never a default.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readForeignRules } from './foreign.ts';
import { environmentLayer, type LayerPlace, layerOf, readBuiltInLayers, readPolicyText } from './layers.ts';
import { createMerge } from './merge.ts';
import type { Policy } from './policy.ts';
import { isApprovedPolicy, trustFile } from './trust.ts';

export interface LoadInput {
  /** The project folder. */
  root: string;
  home: string;
  /** `XDG_CONFIG_HOME` and `SOTTO_UPSTREAM` are looked at. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the organisation's policy and Claude Code's managed settings stand; `/etc` when absent. */
  systemFolder?: string;
}

/** The name of a project's policy file. */
export const PROJECT_FILE = '.sotto.yaml';

/** The folder of a user's own policy and approvals. */
export function userFolder({ home, env }: Pick<LoadInput, 'home' | 'env'>): string {
  const configured = env.XDG_CONFIG_HOME;
  return join(configured?.startsWith('/') === true ? configured : join(home, '.config'), 'sotto');
}

/**
 * Loads everything that decides what may leave, merged and frozen.
 * @throws Refusal `policy.*` when any of the files cannot be read, with file, line and column
 */
export async function loadPolicy(input: LoadInput): Promise<Policy> {
  const root = await realpath(input.root);
  const merge = createMerge();
  for (const layer of await readBuiltInLayers()) merge.add(layer);
  for (const place of [organisationPlace(input), userPlace(input)]) {
    const text = await readPolicyText(place);
    if (text !== undefined) merge.add(layerOf(text));
  }
  const project = merge.values().project === 'apply' ? await readPolicyText(projectPlace(root)) : undefined;
  if (project !== undefined)
    merge.add(layerOf(project, await isApprovedPolicy(trustFile(userFolder(input)), root, project)));
  const environment = environmentLayer(input.env);
  if (environment !== undefined) merge.add(environment);
  const values = merge.values();
  const foreign = await readForeignRules({
    ...input,
    root,
    read: values.read,
    overlays: values.workspace.overlays,
    project: values.project === 'apply',
  });
  return merge.finish(root, foreign);
}

export function organisationPlace(input: LoadInput): LayerPlace {
  const path = join(input.systemFolder ?? '/etc', 'sotto', 'policy.yaml');
  return { path, name: path, mayLoosen: true, mayLock: true };
}

export function userPlace(input: LoadInput): LayerPlace {
  const path = join(userFolder(input), 'policy.yaml');
  const name = path.startsWith(`${input.home}/`) ? `~${path.slice(input.home.length)}` : path;
  return { path, name, mayLoosen: true, mayLock: false };
}

export function projectPlace(root: string): LayerPlace {
  return { path: join(root, PROJECT_FILE), name: PROJECT_FILE, mayLoosen: false, mayLock: false, within: root };
}
