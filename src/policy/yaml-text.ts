// Policy text to plain values, with the place of each. YAML is cut down to what JSON can say: no tags, no anchors or
// aliases (a few lines of them can stand for gigabytes), no repeated keys, no deep nesting.
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { Refusal } from '../errors/index.ts';

/** Where something stands in a file; both from 1. */
export interface Place {
  line: number;
  column: number;
}

export interface YamlText {
  value: unknown;
  /** The place of what a path of keys leads to; of a key itself with `key`; of the nearest thing above when there is nothing. */
  placeOf(path: readonly PropertyKey[], key?: boolean): Place;
}

const MAX_DEPTH = 8;

/** Reads policy text. An empty text is an empty policy. @throws Refusal `policy.invalid` */
export function readYaml(text: string, file: string): YamlText {
  const counter = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, { lineCounter: counter, schema: 'core', prettyErrors: false, stringKeys: true });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault?.code === 'RESOURCE_EXHAUSTION') {
    // Where the parser gave up depends on the stack it had.
    throw invalid(file, { line: place(fault.pos[0]).line, column: 1 }, sayFault(fault.code));
  }
  if (fault !== undefined) throw invalid(file, place(fault.pos[0]), sayFault(fault.code));
  visit(document, (_, node, ancestors) => {
    if (isPair(node) || !(isCollection(node) || isScalar(node) || isAlias(node))) return;
    const at = place(node.range?.[0] ?? 0);
    if (isAlias(node) || node.anchor !== undefined)
      throw invalid(
        file,
        at,
        'anchors and aliases (& and *) are not allowed; a pattern that begins with * needs quotes',
      );
    if (node.tag !== undefined)
      throw invalid(file, at, 'tags are not allowed; a pattern that begins with ! needs quotes');
    if (ancestors.filter(isCollection).length >= MAX_DEPTH) throw invalid(file, at, 'nested too deeply');
  });
  const root = document.contents as Node | null;
  return {
    value: document.toJS({ maxAliasCount: 0 }) ?? {},
    placeOf: (path, key = false) => place(offsetOf(root, path, key)),
  };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[], key: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) return offset;
      node = key && depth === path.length - 1 ? pair.key : (pair.value ?? pair.key);
    } else if (isSeq(node)) node = node.items[step as number];
    else return offset;
    offset = (node as Node | null)?.range?.[0] ?? offset;
  }
  return offset;
}

/** The parser's own messages quote the text, so only what they mean is said. */
function sayFault(code: string): string {
  return FAULTS[code] ?? 'this is not YAML';
}

const FAULTS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'anchors and aliases (& and *) are not allowed; a pattern that begins with * needs quotes',
  BAD_ALIAS: 'anchors and aliases (& and *) are not allowed; a pattern that begins with * needs quotes',
  BAD_DQ_ESCAPE: 'unknown escape in double quotes; single quotes take backslashes as they are',
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  BLOCK_AS_IMPLICIT_KEY: 'wrong indentation, or a missing colon',
  DUPLICATE_KEY: 'the key stands here for the second time',
  MISSING_CHAR: 'a bracket, quote, comma or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key is missing its colon',
  MULTIPLE_DOCS: 'a second document begins here; a policy is one document',
  NON_STRING_KEY: 'keys must be plain words',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'tags are not allowed; a pattern that begins with ! needs quotes',
  UNEXPECTED_TOKEN: 'something unexpected stands here',
};

function invalid(file: string, place: Place, problem: string): Refusal {
  return new Refusal('policy.invalid', { file, ...place, problem });
}
