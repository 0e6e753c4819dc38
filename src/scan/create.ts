import { createHash } from 'node:crypto';
import { approvedContents, compileAllowlist, isAllowedInline } from './allow.ts';
import type { Compiled } from './compile.ts';
import { contentKind } from './content-kind.ts';
import { type DeepSpan, lookDeep } from './deep/deep.ts';
import { type Detected, detectEncoding, isValidUtf8, narrow } from './encoding.ts';
import { excepts, meets } from './exceptions.ts';
import { isSecret, PathConditions } from './filter.ts';
import type { ContentKind, Finding } from './finding.ts';
import { confineToJson } from './json.ts';
import { createMatcher } from './match.ts';
import { isNamed } from './named.ts';
import { resolve, type Span } from './resolve.ts';
import { readRules } from './rule-table.ts';
import type { PreparedScanner, ScanContext, Scanner } from './scanner.ts';
import { trimEscapes } from './trim.ts';

/** A placeholder where the name of a value stands: `..._token_9cc2642e: `. It names nothing. */
const OWN_NAME = /REDACTED_[a-z0-9_]{1,80}_[0-9a-f]{8,16}\\?["'`\])]{0,2}\s{0,4}(?:[:=]|=>|:=)\s{0,4}\\?["'`]{0,2}$/;

/** Makes a scanner from what {@link prepareScanner} made; cheap, in any thread. */
export function createScanner(prepared: PreparedScanner): Scanner {
  const compiled = prepared.compiled as Compiled;
  const rules = readRules(compiled.rules);
  const match = createMatcher(compiled, rules);
  const conditions = new PathConditions();
  const exceptions = prepared.exceptions ?? [];
  const today = new Date().toISOString();
  const allowed = compileAllowlist(prepared.options.allow, today);
  const approved = approvedContents(prepared.options.allow, today);

  /** Every match, overlapping as they may. */
  function matchesOf(bytes: Buffer, context: ScanContext, given: Uint8Array = bytes): Span[] {
    const spans: Span[] = [];
    let counts = context.approved;
    match(bytes, {
      path: context.path ?? '',
      accept(candidate, text, from) {
        const rule = rules.of(candidate.rule);
        if (rule.accept.includes('token-like') && !isNamed(text, from, candidate.start, candidate.end)) return false;
        const [start, end] = trimEscapes(text, candidate.start, candidate.end);
        if (end <= start || !conditions.allow(rule, context.path)) return false;
        if (!isSecret(rule, text.slice(start, end))) return false;
        const place = { rule: rule.id, start, end, text, path: context.path ?? '' };
        if (rule.conditions !== undefined && !meets(rule.conditions, place)) return false;
        report({ rule: rule.id, start, end, confidence: rule.confidence }, text);
        return true;
      },
      detected(secret, text) {
        const [start, end] = trimEscapes(text, secret.start, secret.end);
        const { rule, confidence, message } = secret;
        if (end <= start || text.slice(start, end).includes('REDACTED_')) return;
        if (OWN_NAME.test(text.slice(Math.max(0, start - 160), start))) return;
        report({ rule, start, end, confidence }, text, message);
      },
    });
    return spans;

    function report(span: Span, text: string, message = ''): void {
      if (counts !== false && isAllowedInline(text, span.start)) {
        counts ??= approves(given);
        if (counts) return;
      }
      const place = { rule: span.rule, start: span.start, end: span.end, text, path: context.path ?? '', message };
      if (exceptions.some((exception) => excepts(exception, place))) return;
      const secret = text.slice(span.start, span.end);
      if (!allowed({ rule: span.rule, secret, path: context.path })) spans.push(span);
    }
  }

  /** Whether `sotto:allow` counts in a file of these bytes. */
  function approves(bytes: Uint8Array): boolean {
    return approved.size > 0 && approved.has(createHash('sha256').update(bytes).digest('hex'));
  }

  function spansOf(bytes: Buffer, context: ScanContext, given?: Uint8Array): Span[] {
    const spans = resolve(matchesOf(bytes, context, given));
    return spans.length === 0 ? spans : confineToJson(bytes.toString('latin1'), spans);
  }

  function scanBytes(given: Uint8Array, context: ScanContext = {}): { kind: ContentKind; findings: Finding[] } {
    const bytes = Buffer.isBuffer(given) ? given : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    const detected = detectEncoding(bytes);
    const wide = detected.encoding.startsWith('utf-16');
    const kind = contentKind(bytes, wide);
    const findings = wide ? wideFindings(bytes, detected) : withUnits(spansOf(bytes, context), bytes, detected.bom);
    return { kind, findings };

    function wideFindings(from: Buffer, how: Detected): Finding[] {
      const { bytes: utf8, origin } = narrow(from, how);
      return spansOf(utf8, context, from).map((span) => {
        const start = origin[span.start]!;
        const end = origin[span.end]!;
        return { ...span, start, end, startUtf16: (start - how.bom) / 2, endUtf16: (end - how.bom) / 2 };
      });
    }
  }

  function scanText(text: string, context: ScanContext = {}): Finding[] {
    const bytes = Buffer.from(text, 'utf8');
    return withUnits(spansOf(bytes, context), bytes, 0);
  }

  function scanDeep(text: string, context: ScanContext = {}): Finding[] {
    const bytes = Buffer.from(text, 'utf8');
    const look = (view: Buffer) => [...matchesOf(view, context), ...(context.known?.find(view) ?? [])];
    return withUnits(confineToJson(bytes.toString('latin1'), lookDeep(bytes, look)), bytes, 0);
  }

  return {
    scanBytes,
    scanText,
    scanDeep,
    approves,
    ruleCount: rules.count,
    hash: prepared.hash,
  };
}

/** Adds the spans in UTF-16 units, counted in one pass. A byte order mark is no unit of the decoded text. */
function withUnits(spans: readonly DeepSpan[], bytes: Buffer, bom: number): Finding[] {
  if (spans.length === 0) return [];
  const utf8 = isValidUtf8(bytes);
  let at = bom;
  let units = 0;
  const unitsTo = (offset: number) => {
    if (!utf8) return offset;
    for (; at < offset; at++) {
      const byte = bytes[at]!;
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return units;
  };
  return spans.map((span) => ({ ...span, startUtf16: unitsTo(span.start), endUtf16: unitsTo(span.end) }));
}
