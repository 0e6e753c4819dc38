// What goes into a line is bounded, however long a path, a host or a list is that somebody made up to flood the record.
import type { LedgerValue } from './ledger.ts';

const LONGEST_STRING = 1024;
const LONGEST_LIST = 500;
const DEEPEST = 6;

/**
 * Cuts what is too long and says how much was cut; passes every string and every field name through `clean` first,
 * so that a secret in a path or in a refused address is replaced before the line exists.
 */
export function boundValue(value: LedgerValue, clean: (text: string) => string, depth = 0): LedgerValue {
  if (typeof value === 'string') return boundString(clean(value));
  if (value === null || typeof value !== 'object') return value;
  if (depth === DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return boundList(value, clean, depth);
  const fields = Object.entries(value).map(([name, field]) => [
    boundString(clean(name)),
    boundValue(field, clean, depth + 1),
  ]);
  const kept = fields.slice(0, LONGEST_LIST);
  if (fields.length > LONGEST_LIST) kept.push(['…', fields.length - LONGEST_LIST]);
  return Object.fromEntries(kept);
}

function boundList(list: readonly LedgerValue[], clean: (text: string) => string, depth: number): LedgerValue {
  const kept = list.slice(0, LONGEST_LIST).map((item) => boundValue(item, clean, depth + 1));
  return list.length > LONGEST_LIST ? [...kept, `… ${list.length - LONGEST_LIST} more`] : kept;
}

function boundString(text: string): string {
  if (text.length <= LONGEST_STRING) return text;
  return `${text.slice(0, LONGEST_STRING)}… ${text.length - LONGEST_STRING} more`;
}
