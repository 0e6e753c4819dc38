// What is no finding although an expression matched: each filter is a fact about the secret, the file or the exceptions
// that policy allows. Formats of vendors pass more of them than shapes that any program can hold (`generic.*`).
import { createPatternList } from '../policy/index.ts';
import { CHECKSUMS } from './checksums/index.ts';
import type { CompiledRule } from './compile.ts';
import { entropy } from './entropy.ts';
import { VALIDATORS } from './validators/index.ts';
import { tokenLike } from './validators/token-like.ts';

/** Files made by programs: hashes and packed code stand there, so only formats of vendors are looked for. */
const MADE_BY_PROGRAMS = createPatternList([
  '*.lock',
  '*-lock.json',
  '*-lock.yaml',
  '*.lock.hcl',
  'npm-shrinkwrap.json',
  'go.sum',
  'go.work.sum',
  'gradle-wrapper.properties',
  'verification-metadata.xml',
  'Cargo.lock',
  'deno.lock',
  '*.min.js',
  '*.min.css',
  '*.min.mjs',
  '*.map',
  '*.snap',
  '*.svg',
  '*.ipynb_checkpoints',
]);

/** Whether the text of a match of `rule` can be a secret: placeholders, entropy, check digits, named validators. */
export function isSecret(rule: CompiledRule, secret: string): boolean {
  if (secret.includes('REDACTED_')) return false;
  if (/[\0-\x08\x0e-\x1f]/.test(secret)) return false;
  if (rule.entropy !== undefined && entropy(secret) < rule.entropy) return false;
  if (rule.generic ? !VALIDATORS['not-placeholder']!(secret) : isName(secret)) return false;
  if (!rule.accept.every((name) => VALIDATORS[name]!(secret))) return false;
  return rule.checksum === undefined || CHECKSUMS[rule.checksum]!(secret);
}

/** Words joined by `_` or `.`, as code names things, after what happens to be a prefix of a vendor: `test_ValidatesInput`. */
function isName(secret: string): boolean {
  if (!/^[a-z]{1,6}(?:[._]+[A-Za-z]+)+\d?$/i.test(secret) || /(.)\1{4}/.test(secret)) return false;
  const longest = secret.split(/[._]+/).reduce((one, other) => (other.length > one.length ? other : one), '');
  return !tokenLike(longest);
}

/** Path conditions, compiled once per rule. */
export class PathConditions {
  readonly #rules = new Map<string, (path: string) => boolean>();

  /** Whether `rule` counts in the file; text without a path is taken to be anywhere. */
  allow(rule: CompiledRule, path: string | undefined): boolean {
    if (path === undefined || path === '' || path.startsWith('/') || path.startsWith('../')) return true;
    const shapeOnly = rule.generic || rule.accept.includes('token-like');
    if (shapeOnly && MADE_BY_PROGRAMS.match(path, false) !== undefined) return false;
    if (rule.paths === undefined && rule.notPaths === undefined) return true;
    let condition = this.#rules.get(rule.id);
    if (condition === undefined) {
      condition = pathCondition(rule);
      this.#rules.set(rule.id, condition);
    }
    return condition(path);
  }
}

function pathCondition(rule: CompiledRule): (path: string) => boolean {
  const only = rule.paths === undefined ? undefined : createPatternList(rule.paths);
  const not = createPatternList(rule.notPaths ?? []);
  return (path) =>
    (only === undefined || only.match(path, false) !== undefined) && not.match(path, false) === undefined;
}
