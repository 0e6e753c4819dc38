// A `.gitleaks.toml` read as it is. Its rules become rules of ours under `gitleaks.<id>`; its allowlists, the global one as
// well, count for its own rules (and for all, where policy allows the pack that). What sotto cannot do as gitleaks does it is
// refused with the line, because a rule left out in silence is a secret sent.
// `useDefault` means the built-in rules, which are always on.
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import type { Exception, Expression } from '../exceptions.ts';
import { badPack, type Rule, ruleProblem } from '../pack.ts';
import { literalsOf, spansLines } from './literals.ts';
import type { PackContent } from './pack-content.ts';
import { translateRe2 } from './re2.ts';

const Strings = z.array(z.string()).default([]);

const Allowlist = z.strictObject({
  description: z.string().optional(),
  condition: z.enum(['OR', 'AND', 'or', 'and', '||', '&&']).default('OR'),
  paths: Strings,
  regexes: Strings,
  regexTarget: z.enum(['', 'secret', 'match', 'line']).default('secret'),
  stopwords: Strings,
  targetRules: Strings,
  // Files have no commit: an entry about one says nothing of them, so it excepts nothing.
  commits: z.array(z.string()).max(0, 'exceptions by commit do not fit files').default([]),
});

const GitleaksRule = z.strictObject({
  id: z.string().min(1),
  description: z.string().optional(),
  regex: z.string({ error: 'a rule without `regex` cannot be read: paths belong in `hide` of the policy' }).min(1),
  secretGroup: z.number().int().min(0).default(0),
  entropy: z.number().optional(),
  keywords: Strings,
  path: z.string().optional(),
  tags: Strings,
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).default([]),
});

const Config = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  minVersion: z.string().optional(),
  extend: z
    .strictObject({
      useDefault: z.boolean().default(false),
      disabledRules: Strings,
    })
    .optional(),
  rules: z.array(GitleaksRule).default([]),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).default([]),
});

type GitleaksRule = z.infer<typeof GitleaksRule>;

/** @throws Refusal `scan.bad-pack` with file, line and reason */
export function readGitleaks(text: string, file: string): PackContent {
  const lines = text.split('\n');
  const config = Config.safeParse(parsed(text, file));
  if (!config.success) {
    const { path, message } = config.error.issues[0]!;
    throw badPack(file, lineOf(lines, path), `${path.join('.') || 'file'}: ${message}`);
  }
  const { rules, extend, allowlist, allowlists } = config.data;
  const global = [allowlist ?? [], allowlists].flat().map((one, at) => {
    const path = allowlist === undefined ? ['allowlists', at] : ['allowlist'];
    return exceptionOf(one, refusal(file, lines, path));
  });
  const disabled = extend?.disabledRules ?? [];
  const own = new Set(rules.map(({ id }) => id));
  const foreign = disabled.find((id) => !own.has(id));
  if (foreign !== undefined) {
    const reason = `extend.disabledRules: ${foreign} is no rule of this file; built-in rules are excepted in \`scan.allow\` of the policy`;
    throw badPack(file, lineOf(lines, ['extend', 'disabledRules']), reason);
  }
  const seen = new Set<string>();
  const read = rules.map((rule, at) => {
    const refuse = refusal(file, lines, ['rules', at]);
    const made = ruleOf(rule, global, refuse);
    if (seen.has(made.id)) throw refuse('id', `another rule is called ${rule.id}`);
    seen.add(made.id);
    return made;
  });
  const kept = read.filter((_, at) => !disabled.includes(rules[at]!.id));
  return { rules: kept, exceptions: global };
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) throw badPack(file, error.line, 'this is not TOML');
    throw error;
  }
}

type Refuse = (key: string, reason: string) => Error;

function refusal(file: string, lines: readonly string[], path: readonly PropertyKey[]): Refuse {
  return (key, reason) => badPack(file, lineOf(lines, [...path, key]), `${[...path, key].join('.')}: ${reason}`);
}

function ruleOf(rule: GitleaksRule, global: readonly Exception[], refuse: Refuse): Rule {
  const translated = translateRe2(rule.regex, rule.secretGroup);
  if ('problem' in translated) throw refuse('regex', translated.problem);
  if (rule.secretGroup > translated.groups) throw refuse('secretGroup', 'the expression has fewer groups');
  // Without groups the whole match is the secret.
  const regex = translated.groups === 0 ? `(?<secret>${translated.source})` : translated.source;
  const problem = ruleProblem({ regex, flags: '' });
  if (problem !== undefined) throw refuse('regex', problem);
  const own = [rule.allowlist ?? [], rule.allowlists].flat().map((one) => exceptionOf(one, refuse));
  const id = gitleaksId(rule.id);
  return {
    id,
    description: rule.description ?? `rule ${rule.id} of a gitleaks file`,
    regex,
    flags: '',
    keywords: literalsOf(regex) ?? [],
    confidence: 'likely',
    ...(rule.entropy === undefined ? {} : { entropy: rule.entropy }),
    multiline: spansLines(regex),
    accept: [],
    personalData: false,
    examples: [],
    nearMisses: [],
    conditions: {
      ...(rule.path === undefined ? {} : { path: expression(rule.path, 'path', refuse) }),
      inFile: rule.keywords.map((word) => word.toLowerCase()),
      match: { source: regex, flags: '' },
      exceptions: [...own, ...global],
    },
  };
}

function gitleaksId(id: string): string {
  const kebab = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `gitleaks.${kebab === '' ? 'rule' : kebab}`;
}

function exceptionOf(list: z.infer<typeof Allowlist>, refuse: Refuse): Exception {
  return {
    ...(list.targetRules.length === 0 ? {} : { rules: list.targetRules.map(gitleaksId) }),
    all: /and|&&/i.test(list.condition),
    paths: list.paths.map((one) => expression(one, 'paths', refuse)),
    regexes: list.regexes.map((one) => expression(one, 'regexes', refuse)),
    target: list.regexTarget === '' ? 'secret' : list.regexTarget,
    words: list.stopwords.map((word) => word.toLowerCase()),
  };
}

function expression(source: string, key: string, refuse: Refuse): Expression {
  const translated = translateRe2(source);
  if ('problem' in translated) throw refuse(key, translated.problem);
  // The check on runaways asks for a group named `secret`; an exception has none of its own.
  const problem = ruleProblem({ regex: `(?<secret>${translated.source})`, flags: '' });
  if (problem !== undefined) throw refuse(key, problem);
  return { source: translated.source, flags: '' };
}

/** The line of a key, as nearly as the headers tell: TOML's reader keeps no places. */
function lineOf(lines: readonly string[], path: readonly PropertyKey[]): number {
  let at = 0;
  let found = 1;
  for (const [index, part] of path.entries()) {
    if (typeof part === 'number') continue;
    const times = typeof path[index + 1] === 'number' ? (path[index + 1] as number) + 1 : 1;
    const names = path.slice(0, index + 1).filter((one) => typeof one === 'string');
    const header = new RegExp(`^\\s*\\[\\[?\\s*${names.map((one) => escaped(String(one))).join('\\s*\\.\\s*')}\\s*\\]`);
    const key = new RegExp(`^\\s*${escaped(String(part))}\\s*=`);
    let left = times;
    for (let line = at; line < lines.length; line++) {
      if (!header.test(lines[line]!) && !(times === 1 && key.test(lines[line]!))) continue;
      if (--left > 0) continue;
      found = line + 1;
      at = line;
      break;
    }
  }
  return found;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
