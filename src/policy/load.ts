// Which files make the policy of a session, in order: built-in packs, the organisation's, the user's, the project's.
// A broken file is a refusal, never a default.
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { readPolicyTexts } from './extends.ts';
import { readForeignRules } from './foreign.ts';
import { approvedContentsLayer, decisionsLayer, environmentLayer, layerOf } from './layers.ts';
import { createMerge, type Merge } from './merge.ts';
import { readBuiltInLayers } from './path-packs.ts';
import { type LoadInput, organisationPlace, projectPlaces, userFolder, userPlace } from './places.ts';
import type { Policy } from './policy.ts';
import { isApproved, readApprovedContents, readDecisions, trustFile } from './trust.ts';

/**
 * Loads everything that decides what may leave, merged and frozen.
 * @throws Refusal `policy.*` when any of the files cannot be read, with file, line and column
 */
export async function loadPolicy(input: LoadInput): Promise<Policy> {
  const root = await realRoot(input.root);
  const merge = createMerge();
  for (const layer of await readBuiltInLayers()) merge.add(layer);
  for (const place of [organisationPlace(input), userPlace(input)]) {
    for (const text of (await readPolicyTexts(place)) ?? []) merge.add(layerOf(text));
  }
  // What a project says about itself cannot switch it off: only the layers before it are asked.
  const { project } = merge.values();
  if (project === 'apply') await addProject(merge, root, input);
  const contents = await readApprovedContents(trustFile(userFolder(input)), root);
  if (contents.length > 0) merge.add(approvedContentsLayer(contents));
  const forGood = await readDecisions(trustFile(userFolder(input)), root);
  // Two layers: what is decided for the session takes back what is decided for good.
  for (const decisions of [forGood, input.decisions ?? []]) merge.add(decisionsLayer(decisions));
  const environment = environmentLayer(input.env);
  if (environment !== undefined) merge.add(environment);
  const { read, workspace } = merge.values();
  const foreign = await readForeignRules({
    ...input,
    root,
    read,
    project: project === 'apply',
    overlays: workspace.overlays,
  });
  return merge.finish(root, foreign);
}

async function realRoot(folder: string): Promise<string> {
  return realpath(folder).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('policy.root', { path: folder, problem: error.code ?? 'unknown error' }, { cause: error });
  });
}

async function addProject(merge: Merge, root: string, input: LoadInput): Promise<void> {
  for (const place of projectPlaces(root)) {
    const texts = await readPolicyTexts(place);
    if (texts === undefined) continue;
    const approved = await isApproved(trustFile(userFolder(input)), dirname(place.path), texts);
    for (const text of texts) merge.add(layerOf(text, approved));
  }
}
