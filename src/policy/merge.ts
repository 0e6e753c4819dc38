// Layers become one policy, here and nowhere else: built-in, organisation, user, project, each with the files it extends
// before it. A layer that may loosen has its way, except with what a lock before it holds; one that may not can tighten
// only, and what it asks for beyond that is listed as pending.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DEFAULTS, type PolicyValues } from './defaults.ts';
import {
  DECISIONS,
  type Decision,
  type NetworkAllow,
  type PathRule,
  type PendingChange,
  type Policy,
} from './policy.ts';
import { type PolicyFile, policySchema } from './schema.ts';
import { type Strictness, strictnessOf } from './strictness.ts';
import type { YamlText } from './yaml-text.ts';

/** One policy file on its way into the policy. */
export interface Layer {
  /** As shown: `.sotto.yaml`, `~/.config/sotto/policy.yaml`, `built-in:keys`. */
  readonly name: string;
  readonly content: PolicyFile;
  /** Absent where lines mean nothing to the reader: built-in packs, environment variables. */
  readonly placeOf?: YamlText['placeOf'];
  /** Built-in, organisation, user, and an approved project may loosen. */
  readonly mayLoosen: boolean;
  /** Its `lock` counts. */
  readonly mayLock: boolean;
  readonly builtIn?: boolean;
  /** Folders from the one its patterns are relative to down to the project root, when that is not the root itself. */
  readonly above?: string;
}

interface Leaf {
  readonly key: string;
  readonly strictness: Strictness;
}

/** The keys with one value, by dotted name. */
export const LEAVES: readonly Leaf[] = leavesOf(policySchema, '');

/** Policy in the making; layers are added from the built-in ones to the project's. */
export interface Merge {
  add(layer: Layer): void;
  /** The values as of now. */
  values(): PolicyValues;
  /** @param foreign rules of other tools; they stand between the built-in rules and the first file's */
  finish(root: string, foreign: readonly PathRule[]): Policy;
}

/** Starts a merge with the defaults. */
export function createMerge(): Merge {
  const values = new Map<string, unknown>(LEAVES.map(({ key }) => [key, valueIn(DEFAULTS, key)]));
  const origins: Record<string, string> = Object.fromEntries(LEAVES.map(({ key }) => [key, 'default']));
  const pending: PendingChange[] = [];
  const builtIn: PathRule[] = [];
  const written: PathRule[] = [];
  const locks: string[] = [];
  /** How many of `written` each decision's lock holds; rules written later are held by no lock. */
  const held = new Map<Decision, number>();
  const isLocked = (key: string) => locks.some((lock) => lock === 'all' || key === lock || key.startsWith(`${lock}.`));

  return {
    add(layer) {
      for (const leaf of LEAVES) addValue(layer, leaf);
      for (const decision of DECISIONS) addPaths(layer, decision);
      if (!layer.mayLock) return;
      locks.push(...locksOf(layer));
      for (const decision of DECISIONS) if (isLocked(decision)) held.set(decision, written.length);
    },
    values: () => nest(values),
    finish(root, foreign) {
      const lock = (rule: PathRule, at = 0) => (at < (held.get(rule.decision) ?? 0) ? { ...rule, locked: true } : rule);
      const early = [...builtIn, ...foreign].map((rule) =>
        held.has(rule.decision) ? { ...rule, locked: true } : rule,
      );
      const { project: _, read: __, network, ...rest } = nest(values);
      const merged = { ...rest, network: { allow: network.allow.map(whole) }, paths: [...early, ...written.map(lock)] };
      const hash = createHash('sha256').update(JSON.stringify(merged)).digest('hex');
      return deepFreeze({ root, ...merged, origins, pending, hash });
    },
  };

  function addValue(layer: Layer, { key, strictness }: Leaf): void {
    const later = valueIn(layer.content, key);
    if (later === undefined) return;
    const earlier = values.get(key);
    const { strict, free, loosens } = strictness.merge(earlier, later);
    const may = layer.mayLoosen && !isLocked(key);
    const source = sourceOf(layer, key.split('.'));
    if (loosens && !may) pending.push({ key, source, why: layer.mayLoosen ? 'lock' : 'approval' });
    const value = may ? free : strict;
    values.set(key, value);
    if (JSON.stringify(value) !== JSON.stringify(earlier)) origins[key] = source;
  }

  function addPaths(layer: Layer, decision: Decision): void {
    for (const [at, entry] of (layer.content[decision] ?? []).entries()) {
      const { pattern, reason } = typeof entry === 'string' ? { pattern: entry, reason: undefined } : entry;
      if (typeof pattern === 'string') addPath(layer, decision, pattern, [decision, at], reason);
      else
        for (const [nth, one] of pattern.entries())
          addPath(layer, decision, one, [decision, at, 'pattern', nth], reason);
    }
  }

  function addPath(layer: Layer, decision: Decision, pattern: string, path: PropertyKey[], reason?: string): void {
    const loosens = (decision === 'trust') !== pattern.startsWith('!');
    const may = layer.mayLoosen && !isLocked(decision);
    const source = sourceOf(layer, path);
    if (loosens && !may) pending.push({ key: decision, source, why: layer.mayLoosen ? 'lock' : 'approval' });
    // Trust that does not count is nothing; a `!pattern` that does not count still speaks about its own list.
    if (loosens && !may && decision === 'trust') return;
    const reach = layer.builtIn !== true && (may || !loosens);
    (layer.builtIn === true ? builtIn : written).push({
      pattern,
      decision,
      source,
      base: '',
      list: layer.name,
      ...(layer.above === undefined ? {} : { above: layer.above }),
      ...(reach ? { reach: 'all' as const } : {}),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** What an exception for a host leaves unsaid: reading only, every path, opened and looked at. */
function whole(entry: Partial<NetworkAllow> & Pick<NetworkAllow, 'host' | 'reason'>): NetworkAllow {
  return { methods: ['GET', 'HEAD'], path: '/', opaque: false, ...entry };
}

function leavesOf(schema: z.ZodType, above: string): Leaf[] {
  const strictness = strictnessOf.get(schema);
  if (strictness !== undefined) return [{ key: above, strictness }];
  const object = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape).flatMap(([key, child]) =>
    leavesOf(child as z.ZodType, above === '' ? key : `${above}.${key}`),
  );
}

function valueIn(tree: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], tree);
}

function nest(values: ReadonlyMap<string, unknown>): PolicyValues {
  const tree: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const steps = key.split('.');
    const last = steps.pop() as string;
    let at = tree;
    for (const step of steps) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return tree as unknown as PolicyValues;
}

function locksOf(layer: Layer): string[] {
  const { lock } = layer.content;
  return lock === undefined ? [] : typeof lock === 'string' ? [lock] : lock;
}

function sourceOf(layer: Layer, path: readonly PropertyKey[]): string {
  if (layer.placeOf === undefined) return layer.name;
  return `${layer.name}:${layer.placeOf(path, typeof path.at(-1) === 'string').line}`;
}

/** Freezes a tree of plain values. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
