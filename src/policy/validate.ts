// Checks a policy's values against the schema and says what is wrong in the reader's words, with place and nearest word.
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import { type PolicyFile, policySchema } from './schema.ts';
import type { YamlText } from './yaml-text.ts';

type Issue = z.core.$ZodIssue;

/** One thing wrong in a policy file. */
export interface PolicyProblem {
  line: number;
  column: number;
  problem: string;
  advice?: string;
}

/** Returns the checked content. @throws Refusal `policy.invalid` for the first problem in the file's order */
export function validatePolicy(yaml: YamlText, file: string, mayLock = false): PolicyFile {
  const result = policySchema.safeParse(yaml.value);
  if (result.success) {
    checkLock(result.data, yaml, file, mayLock);
    return result.data;
  }
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, [], yaml)).sort(byPlace);
  throw new Refusal('policy.invalid', { file, ...(problems[0] as PolicyProblem) });
}

/** Refuses a `lock` that does not count here, or that locks nothing: it would look like a protection and be none. */
function checkLock({ lock }: PolicyFile, yaml: YamlText, file: string, mayLock: boolean): void {
  if (lock === undefined) return;
  const refuse = (path: PropertyKey[], problem: string, advice: string) =>
    new Refusal('policy.invalid', { file, ...yaml.placeOf(path), problem, advice });
  if (!mayLock) throw refuse(['lock'], 'lock counts in the organisation’s policy only', 'remove it here');
  const known = [...policyKeys(), 'all'];
  for (const [at, key] of (typeof lock === 'string' ? [] : lock).entries()) {
    if (known.includes(key)) continue;
    throw refuse(
      ['lock', at],
      `lock[${at + 1}] is no key of a policy`,
      nearest(key, known) ?? 'write it as sotto policy show does',
    );
  }
}

/** Every dotted key that a policy can have: `scan`, `scan.binaries`, `scan.binaries.images`. */
function policyKeys(schema: z.ZodType = policySchema, above = ''): string[] {
  return inner(schema).flatMap((one) =>
    one instanceof z.ZodObject
      ? Object.entries(one.shape).flatMap(([key, child]) => [
          above + key,
          ...policyKeys(child as z.ZodType, `${above + key}.`),
        ])
      : [],
  );
}

/** At the same place an unknown key comes first: it is most often what is missing, misspelt. */
const byPlace = (one: PolicyProblem, other: PolicyProblem) =>
  one.line - other.line || one.column - other.column || rank(one) - rank(other);

const rank = ({ problem }: PolicyProblem) => (problem.startsWith('unknown key') ? 0 : 1);

function problemsOf(issue: Issue, above: readonly PropertyKey[], yaml: YamlText): PolicyProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, yaml));
  if (issue.code === 'invalid_union') {
    const branch = isRecord(valueAt(yaml.value, path)) ? issue.errors.find(isAboutRecord) : undefined;
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, path, yaml));
  }
  const name = path.length === 0 ? 'the policy' : nameOf(path);
  return [
    {
      ...yaml.placeOf(path),
      problem: `${name} ${sayIssue(issue, valueAt(yaml.value, path))}`,
      ...adviceOn(issue, yaml, path),
    },
  ];
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not the branch that wanted something else than a record at this very place. */
const isAboutRecord = (issues: readonly Issue[]) =>
  !issues.some((issue) => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value'));

function unknownKey(path: readonly PropertyKey[], key: string, yaml: YamlText): PolicyProblem {
  const known = keysAt(path);
  const place = yaml.placeOf([...path, key], true);
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  return {
    ...place,
    problem: `unknown key ${quote(key)}${where}`,
    advice: nearest(key, known) ?? `known here: ${known.join(', ')}`,
  };
}

function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(word, [...known]);
  const far = distance(word.toLowerCase(), near.toLowerCase());
  if (word === near) return 'write it without quotes';
  return far <= 1 || (far <= near.length / 2 && word[0] === near[0]) ? `did you mean ${near}?` : undefined;
}

function sayIssue(issue: Issue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty; write a value or remove the key';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map(String))}`;
    case 'invalid_union':
      return `must be ${issue.errors.flatMap(expectedHere).join(', or ')}`;
    case 'too_small':
      return issue.origin === 'number' ? `must be ${issue.minimum} or more` : 'must not be empty';
    case 'too_big':
      return issue.origin === 'number' ? `must be ${issue.maximum} or less` : `is too long: at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'starts_with' ? 'must begin with /' : issue.message;
    default:
      return issue.message;
  }
}

/** What a branch of a union wants at its very place. */
function expectedHere(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => (issue.code === 'invalid_type' ? [TYPES[issue.expected] ?? issue.expected] : []));
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  string: 'text in quotes',
};

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] as string) : `one of ${values.join(', ')}`;
}

function adviceOn(issue: Issue, yaml: YamlText, path: readonly PropertyKey[]): { advice?: string } {
  const value = valueAt(yaml.value, path);
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return {};
  const advice = nearest(value, issue.values.map(String));
  return advice === undefined ? {} : { advice };
}

/** The keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schemas: z.ZodType[] = [policySchema];
  for (const step of path) schemas = schemas.flatMap(inner).flatMap((schema) => childOf(schema, step));
  return schemas.flatMap(inner).flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

/** Through optional and union. */
function inner(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return inner(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(inner);
  return [schema];
}

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  const child = schema instanceof z.ZodObject ? (schema.shape[step as string] as z.ZodType | undefined) : undefined;
  return child === undefined ? [] : [child];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

/** `scan.allow[2].reason` */
function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('')
    .slice(1);
}

/** A key as the file has it, cut and without anything a terminal would act on. */
function quote(key: string): string {
  const short = key.length > 40 ? `${key.slice(0, 40)}...` : key;
  return JSON.stringify(short).replace(/[^\x20-\x7e]/g, '?');
}
