// The treatments of a string. Text that people and tools wrote is redacted; what came from the provider, and what would
// break if changed, is only examined; a secret there is a refusal.
import { Refusal } from '../errors/index.ts';
import type { Identity } from './identity.ts';
import type { IdentityText } from './identity-text.ts';
import { type JsonNode, type StringNode, textOf } from './json.ts';
import type { Pictures } from './media.ts';
import type { Provenance } from './provenance.ts';
import type { Sieve } from './sift.ts';
import { type Splice, spliceString, type TextEdit } from './splice.ts';
import { answerStubs, type WithheldAnswers } from './withheld.ts';

/**
 * `redact`: secrets become placeholders. `about`: the same, in what the client writes about its surroundings, where the
 * person is replaced as well. `examine`: a secret is a refusal. `own`: the same, but for what the provider
 * wrote itself. `opaque`: ids and signatures, only secrets that the vault knows are a refusal, a rule would see ghosts.
 */
export type Treatment = 'redact' | 'about' | 'examine' | 'own' | 'opaque';

/** What a request is inspected with. */
export interface InspectWith {
  readonly sieve: Sieve;
  readonly identity: Identity;
  readonly provenance: Provenance;
  readonly pictures: Pictures;
  /** What the person said about withheld files that were read. */
  readonly withheld: WithheldAnswers;
  readonly identityText: IdentityText;
}

export interface Inspector extends InspectWith {
  readonly bytes: Buffer;
  readonly splices: Splice[];
  /** Findings by rule id. */
  readonly findings: Record<string, number>;
  /** Strings that may be rewritten, in their order. */
  readonly texts: StringNode[];
}

/** Inspects one string. `where` is for people: a field, never a value. */
export function inspectString(to: Inspector, node: StringNode, how: Treatment, where: string): void {
  const text = textOf(to.bytes, node);
  if ((how === 'own' || how === 'opaque') && to.provenance.has(text)) return;
  if (how === 'opaque') {
    const rule = to.sieve.findKnown(text);
    if (rule !== undefined) throw secretIn(where, rule);
    return;
  }
  const findings = to.sieve.find(text);
  const rewritten = how === 'redact' || how === 'about';
  if (!rewritten && findings.length > 0) throw secretIn(where, findings[0]?.rule);
  if (!rewritten) return;
  to.texts.push(node);
  for (const { rule } of findings) to.findings[rule] = (to.findings[rule] ?? 0) + 1;
  const edits = to.sieve.redact(text, findings);
  const persons = to.identityText.edits(text, how === 'about' || text.startsWith('<system-reminder>'));
  const answered = answerStubs(text, to.withheld);
  to.splices.push(...spliceString(to.bytes, node, joinEdits(joinEdits(edits, answered), persons)));
}

/** A secret goes before a name in it. */
function joinEdits(edits: readonly TextEdit[], more: readonly TextEdit[]): readonly TextEdit[] {
  if (more.length === 0) return edits;
  const apart = more.filter(({ start, end }) => !edits.some((edit) => start < edit.end && edit.start < end));
  return [...edits, ...apart].sort((a, b) => a.start - b.start);
}

/** Inspects every string below a value the same way; keys are never rewritten. */
export function inspectAll(to: Inspector, node: JsonNode, how: Treatment, where: string): void {
  if (node.kind === 'string') inspectString(to, node, how, where);
  if (node.kind === 'array') for (const item of node.items) inspectAll(to, item, how, where);
  if (node.kind !== 'object') return;
  for (const each of node.members) {
    inspectString(to, each.name, how === 'redact' || how === 'about' ? 'examine' : how, where);
    inspectAll(to, each.value, how, where);
  }
}

/**
 * Examines a value that is not known: each string, its JSON as text, where a key tells what its value is and a
 * number may be a secret, and its strings one after the other, where one may go on in the next.
 * @param own what the provider wrote itself may stand there
 */
export function examine(to: Inspector, node: JsonNode, where: string, own = false): void {
  inspectAll(to, node, own ? 'own' : 'examine', where);
  if (node.kind === 'string' || (own && isAllOwn(to, node))) return;
  const found = to.sieve.find(to.bytes.toString('utf8', node.start, node.end))[0];
  if (found !== undefined) throw secretIn(where, found.rule);
  const strings = stringsOf(to, node);
  const split = strings.length < 2 ? [] : to.sieve.find(strings.join(''));
  const sure = split.find(({ confidence }) => confidence !== 'possible');
  if (sure !== undefined) throw secretIn(where, sure.rule);
}

/** The values of all strings below, in their order. */
function stringsOf(to: Inspector, node: JsonNode): string[] {
  if (node.kind === 'string') return [textOf(to.bytes, node)];
  if (node.kind === 'array') return node.items.flatMap((item) => stringsOf(to, item));
  return node.kind === 'object' ? node.members.flatMap((each) => stringsOf(to, each.value)) : [];
}

function isAllOwn(to: Inspector, node: JsonNode): boolean {
  if (node.kind === 'string') return to.provenance.has(textOf(to.bytes, node));
  if (node.kind === 'array') return node.items.every((item) => isAllOwn(to, item));
  if (node.kind === 'object') return node.members.every((each) => isAllOwn(to, each.value));
  return true;
}

function secretIn(where: string, rule: string | undefined): Refusal {
  return new Refusal('gateway.secret', { where, rule });
}
