// Redacting changes what stands around the rest: a greedy token may have eaten the beginning of the next name, and with a
// placeholder in its place that name is one again. So the result is looked at once more, until nothing new is found.
import type { Finding } from '../scan/index.ts';
import { type Place, redactBytes } from './redact.ts';

/** Each pass finds less than the one before; more than this no text needs. */
const MOST_PASSES = 5;

/**
 * Redacts bytes until a look at the result finds nothing: what comes out does not change when it is redacted again.
 * @param find looks for secrets; throws when it cannot, and then so does this
 */
export function redactSettled(
  bytes: Uint8Array,
  find: (bytes: Uint8Array) => readonly Finding[],
  place: Place,
): Uint8Array {
  let settled = bytes;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const findings = find(settled);
    if (findings.length === 0) return settled;
    settled = redactBytes(settled, findings, place).bytes;
  }
  return settled;
}
