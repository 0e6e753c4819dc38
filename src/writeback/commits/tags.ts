// Tags made inside come back, lightweight or annotated, with secrets restored and the person as tagger. A tag that the person has is
// never moved, and one on a commit in doubt is laid beside as `sotto/<session>/<tag>`: programs act on the names of tags.
import {
  type Git,
  type Parsed,
  parseObject,
  type RebuiltGit,
  readObjects,
  withoutSignature,
} from '../../workspace/index.ts';
import type { Refs } from './take.ts';

/** A tag that came back: its name inside, and the name that it has now. */
export interface BroughtTag {
  tag: string;
  as: string;
}

export interface TagsInput {
  rebuilt: RebuiltGit;
  session: string;
  /** The repository that holds the objects made inside. */
  taken: Git;
  tags: Refs;
  /** New commits, id inside to id outside. */
  made: ReadonlyMap<string, string>;
  /** Commits inside that may not go straight onto the person's branch. */
  doubtful: ReadonlySet<string>;
  /** Restores the placeholders of a text; Latin-1. */
  text(latin1: string): string;
}

const TAGS = 'refs/tags/';

/** Makes the tags that are new. */
export async function bringTags(input: TagsInput): Promise<BroughtTag[]> {
  const { rebuilt, taken, tags, session, doubtful } = input;
  const { git, format } = rebuilt.repository;
  const own = new Set(await namesOutside(git));
  const wanted = [...tags].filter(([name]) => !own.has(name) && !rebuilt.tags.has(name));
  const objects = new Map<string, { type: string; parsed: Parsed }>();
  for await (const { id, type, bytes } of readObjects(taken, [...new Set(wanted.map(([, id]) => id))]))
    objects.set(id, { type, parsed: parseObject(bytes) });
  const brought: BroughtTag[] = [];
  for (const [name, id] of wanted) {
    const object = objects.get(id);
    const commit = object?.type === 'tag' ? object.parsed.header('object') : id;
    const outside = commit && (input.made.get(commit) ?? rebuilt.commits.get(commit));
    if (!object || !commit || !outside) continue;
    const short = name.slice(TAGS.length);
    const as = doubtful.has(commit) ? `sotto/${session}/${short}` : short;
    const value = object.type === 'tag' ? await annotate(object.parsed, outside, as, input) : outside;
    const nothing = '0'.repeat(format === 'sha1' ? 40 : 64);
    if (value && (await git.run(['update-ref', `${TAGS}${as}`, value, nothing])).exitCode === 0)
      brought.push({ tag: short, as });
  }
  return brought;
}

async function namesOutside(git: Git): Promise<string[]> {
  const { stdout } = await git.run(['for-each-ref', '--format=%(refname)', TAGS]);
  return stdout.toString('latin1').split('\n');
}

/** Makes the tag's object outside; undefined when git does not take it. */
async function annotate(
  tag: Parsed,
  commit: string,
  name: string,
  { rebuilt, text }: TagsInput,
): Promise<string | undefined> {
  if (tag.header('type') !== 'commit') return undefined;
  const line = tag.header('tagger') ?? '';
  const time = /(\d+ [+-]\d{4})$/.exec(line)?.[1] ?? '0 +0000';
  const person = rebuilt.person ?? text(line.slice(0, line.lastIndexOf('>') + 1));
  const message = text(withoutSignature(tag.message));
  const object = `object ${commit}\ntype commit\ntag ${name}\ntagger ${person} ${time}\n\n${message}`;
  const { exitCode, stdout } = await rebuilt.repository.git.run(['mktag'], Buffer.from(object, 'latin1'));
  return exitCode === 0 ? stdout.toString('latin1').trim() : undefined;
}
