// A rule pack is a YAML file: `vendor`, and rules with their own examples and near misses. It is data from a colleague or
// from strangers, so everything is checked here, where it enters the room: unknown keys, regular expressions that do not
// compile or could run away, names of validators that do not exist. The refusal names file, line and reason.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import { CHECKSUMS } from './checksums/index.ts';
import type { Conditions } from './exceptions.ts';
import { leadOf } from './lead.ts';
import { runawayReason } from './runaway.ts';
import { VALIDATORS } from './validators/index.ts';

const Parts = z.union([z.string(), z.array(z.string()).min(1)]).transform((parts) => [parts].flat());

const Example = z
  .strictObject({
    text: z.string().describe('text that holds the secret; `<secret>`, `<secret2>` stand for it'),
    secret: Parts.describe('the secret, in parts so that no scanner takes the pack itself for a leak'),
    secret2: Parts.optional().describe('a second secret in the same text'),
    secret3: Parts.optional(),
    path: z.string().optional().describe('path of the file that the text is taken to stand in'),
  })
  .describe('a text and the exact secret that must be found in it');

const NearMiss = z.union([
  Parts.transform((parts) => ({ text: parts.join(''), path: undefined as string | undefined })),
  z.strictObject({ text: Parts.transform((parts) => parts.join('')), path: z.string().optional() }),
]);

const RuleSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/, 'an id is `vendor.what` in kebab case')
    .describe('`vendor.what`'),
  description: z.string().min(10).describe('what it is, and what it opens'),
  source: z.string().optional().describe('where the format is documented'),
  regex: z.string().min(1).describe('JavaScript syntax over bytes as Latin-1 text, with a group named `secret`'),
  flags: z
    .string()
    .regex(/^[ims]*$/, 'only the flags i, m and s')
    .default(''),
  keywords: z.array(z.string().min(2)).default([]).describe('literals, of which one must stand near; any case'),
  confidence: z.enum(['certain', 'likely', 'possible']),
  entropy: z.number().min(0).max(8).optional().describe('least Shannon entropy of the secret, bits per character'),
  checksum: z.enum(Object.keys(CHECKSUMS) as [string, ...string[]]).optional(),
  paths: z.array(z.string()).optional().describe('gitignore patterns: only in these files'),
  notPaths: z.array(z.string()).optional().describe('gitignore patterns: not in these files'),
  multiline: z.boolean().default(false).describe('the match may span lines'),
  accept: z
    .array(z.enum(Object.keys(VALIDATORS) as [string, ...string[]]))
    .default([])
    .describe('validators that the secret must pass'),
  personalData: z.boolean().default(false).describe('only when policy asks for personal data'),
  examples: z.array(Example).default([]),
  nearMisses: z.array(NearMiss).default([]),
});

export const PackSchema = z.strictObject({
  vendor: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  rules: z.array(RuleSchema).min(1),
});

/** `conditions`: what a rule of another tool demands beyond this. */
export type Rule = z.infer<typeof RuleSchema> & { conditions?: Conditions };
export interface Pack {
  vendor: string;
  rules: Rule[];
}

/**
 * Reads one YAML pack.
 * @throws Refusal `scan.bad-pack` with file, line and reason
 */
export function parsePack(text: string, file: string): Pack {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const error = document.errors[0];
  if (error !== undefined) throw badPack(file, counter.linePos(error.pos[0]).line, error.code);
  const lineAt = (path: readonly PropertyKey[]) => lineOf(document, counter, path);
  const parsed = PackSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    throw badPack(file, lineAt(path), `${path.join('.') || 'pack'}: ${issue?.message}`);
  }
  parsed.data.rules.forEach((rule, index) => {
    const reason = ruleProblem(rule) ?? costProblem(rule);
    if (reason !== undefined) throw badPack(file, lineAt(['rules', index, 'regex']), `${rule.id}: ${reason}`);
  });
  return parsed.data;
}

/** Why a rule cannot be used, or undefined: what the schema alone cannot see. */
export function ruleProblem(rule: Pick<Rule, 'regex' | 'flags'>): string | undefined {
  try {
    new RegExp(rule.regex, rule.flags);
  } catch (cause) {
    return cause instanceof SyntaxError ? 'the regular expression does not compile' : String(cause);
  }
  if (!/\(\?<secret\d*>/.test(rule.regex)) return 'the regular expression has no group named `secret`';
  return runawayReason(rule.regex, rule.flags);
}

/** Without a literal a rule would be tried on every byte of every file and every request. */
function costProblem({
  regex,
  keywords,
  personalData,
}: Pick<Rule, 'regex' | 'keywords' | 'personalData'>): string | undefined {
  if (personalData || keywords.length > 0 || leadOf(regex, []) !== undefined) return undefined;
  return 'nothing tells where it may match: add `keywords`, literals of which one stands at every match';
}

export function badPack(file: string, line: number, reason: string): Refusal {
  return new Refusal('scan.bad-pack', { file, line, reason });
}

/** The line of the deepest node on the way that exists. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  counter: LineCounter,
  path: readonly PropertyKey[],
): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return counter.linePos(node.range[0]).line;
  }
  return 1;
}
