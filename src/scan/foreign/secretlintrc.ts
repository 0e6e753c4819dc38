// A `.secretlintrc` (JSON or YAML) read as it is: what it says of the preset's rules becomes exceptions to our secretlint detector,
// which is always on, and the patterns of `secretlint-rule-pattern` become rules of ours. Rules from packages of other people
// would be code to run, and are refused by name.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { SECRETLINT_LEFT_OUT, SECRETLINT_RULES } from '../detectors/secretlint.ts';
import type { Exception, Expression } from '../exceptions.ts';
import { badPack, type Rule, ruleProblem } from '../pack.ts';
import { literalsOf, spansLines } from './literals.ts';
import type { PackContent } from './pack-content.ts';

const Strings = z.array(z.string()).default([]);

const Pattern = z
  .strictObject({
    name: z.string(),
    pattern: z.string().optional(),
    patterns: Strings,
    filePathGlobs: z.array(z.string()).optional(),
  })
  .refine(({ pattern, patterns }) => pattern !== undefined || patterns.length > 0, 'a pattern is missing');

const Options = z.strictObject({ allows: Strings, patterns: z.array(Pattern).optional() }).prefault({});

const Entry = z.strictObject({
  id: z.string(),
  options: Options,
  disabled: z.boolean().default(false),
  allowMessageIds: Strings,
  severity: z.enum(['info', 'warning', 'error']).optional(),
});

const Config = z.strictObject({
  sharedOptions: z.strictObject({}).optional(),
  rules: z.array(Entry.extend({ rules: z.array(Entry).optional() })),
});

type Entry = z.infer<typeof Entry>;
type Refuse = (path: readonly PropertyKey[], reason: string) => Error;

/** @throws Refusal `scan.bad-pack` with file, line and reason */
export function readSecretlintrc(text: string, file: string): PackContent {
  const counter = new LineCounter();
  // JSON is YAML, too, and its reader tells lines.
  const document = parseDocument(text, { lineCounter: counter });
  const error = document.errors[0];
  if (error !== undefined) throw badPack(file, counter.linePos(error.pos[0]).line, error.code);
  const refuse: Refuse = (path, reason) => {
    let line = 1;
    for (let depth = path.length; depth > 0 && line === 1; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) line = counter.linePos(node.range[0]).line;
    }
    return badPack(file, line, `${path.join('.') || 'file'}: ${reason}`);
  };
  const config = Config.safeParse(document.toJS());
  if (!config.success) throw refuse(config.error.issues[0]!.path, config.error.issues[0]!.message);
  const contents = config.data.rules.map((entry, at) => {
    const path = ['rules', at];
    if (nameOf(entry.id) !== 'preset-recommend') return contentOf(entry, path, refuse);
    const nested = (entry.rules ?? []).map((one, index) => contentOf(one, [...path, 'rules', index], refuse));
    return joined([...nested, { rules: [], exceptions: exceptionsOf(entry, ['secretlint.*']) }]);
  });
  return joined(contents);
}

function joined(contents: readonly PackContent[]): PackContent {
  return {
    rules: contents.flatMap(({ rules }) => rules),
    exceptions: contents.flatMap(({ exceptions }) => exceptions),
  };
}

/** `@secretlint/secretlint-rule-aws`, `@secretlint/aws` and `aws` are one. */
function nameOf(id: string): string {
  return id.replace(/^@secretlint\//, '').replace(/^secretlint-rule-/, '');
}

function contentOf(entry: Entry, path: readonly PropertyKey[], refuse: Refuse): PackContent {
  const name = nameOf(entry.id);
  if (name === 'pattern') return { rules: entry.disabled ? [] : patternRules(entry, path, refuse), exceptions: [] };
  if (entry.disabled && SECRETLINT_LEFT_OUT.includes(name)) return { rules: [], exceptions: [] };
  if (name === 'filter-comments')
    throw refuse([...path, 'id'], 'a comment in a scanned file never switches a rule off');
  if (!(name in SECRETLINT_RULES)) throw refuse([...path, 'id'], `${entry.id} is code, and no code of a pack runs`);
  if (entry.options.patterns !== undefined)
    throw refuse([...path, 'options', 'patterns'], 'patterns belong to secretlint-rule-pattern');
  entry.options.allows.forEach((allow, at) => {
    checkExpression(expressionOf(allow), [...path, 'options', 'allows', at], refuse);
  });
  return { rules: [], exceptions: exceptionsOf(entry, [`secretlint.${name}`]) };
}

function exceptionsOf({ disabled, options, allowMessageIds }: Entry, rules: readonly string[]): Exception[] {
  const none = { rules, all: false, paths: [], regexes: [], target: 'secret', words: [] } as const;
  if (disabled) return [none];
  const found: Exception[] = [];
  if (allowMessageIds.length > 0) found.push({ ...none, messages: allowMessageIds });
  if (options.allows.length > 0) found.push({ ...none, regexes: options.allows.map(expressionOf) });
  return found;
}

function patternRules(entry: Entry, path: readonly PropertyKey[], refuse: Refuse): Rule[] {
  const allows = entry.options.allows.map(expressionOf);
  const exceptions =
    allows.length === 0 ? [] : [{ all: false, paths: [], regexes: allows, target: 'secret', words: [] } as const];
  return (entry.options.patterns ?? []).flatMap(({ name, pattern, patterns, filePathGlobs }, at) =>
    [pattern ?? [], patterns].flat().map((written, index) => {
      const { source, flags } = expressionOf(written);
      const regex = `(?<secret>${source})`;
      checkExpression({ source, flags }, [...path, 'options', 'patterns', at, 'pattern'], refuse);
      const kebab =
        name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .replace(/^-|-$/g, '') || 'pattern';
      return {
        id: `secretlint-pattern.${kebab}${at + index === 0 ? '' : `-${at + 1}-${index + 1}`}`,
        description: `pattern ${name} of a secretlint file`,
        regex,
        flags,
        keywords: literalsOf(regex) ?? [],
        confidence: 'likely',
        ...(filePathGlobs === undefined ? {} : { paths: filePathGlobs }),
        multiline: spansLines(regex),
        accept: [],
        personalData: false,
        examples: [],
        nearMisses: [],
        conditions: { inFile: [], match: { source: regex, flags }, exceptions },
      } satisfies Rule;
    }),
  );
}

/** `/.../i` is an expression, anything else the text itself: that is how secretlint reads them. */
function expressionOf(written: string): Expression {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(written);
  if (match === null) return { source: written.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags: '' };
  return { source: match[1]!, flags: match[2]!.replace(/[gy]/g, '') };
}

function checkExpression({ source, flags }: Expression, path: readonly PropertyKey[], refuse: Refuse): void {
  if (/[^ims]/.test(flags)) throw refuse(path, 'only the flags i, m, s and g fit an expression over bytes');
  const problem = ruleProblem({ regex: `(?<secret>${source})`, flags });
  if (problem !== undefined) throw refuse(path, problem);
}
