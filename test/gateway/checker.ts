// The check of bodies without the network: what most tests of single fields need.
import { type Checked, checkBody } from '../../src/gateway/check.ts';
import { createIdentity } from '../../src/gateway/identity.ts';
import { createIdentityText, type IdentityTerm } from '../../src/gateway/identity-text.ts';
import type { InspectWith } from '../../src/gateway/inspect.ts';
import { createMemory } from '../../src/gateway/memory.ts';
import { createProvenance } from '../../src/gateway/provenance.ts';
import { createSieve } from '../../src/gateway/sift.ts';
import type { Policy } from '../../src/policy/index.ts';
import { createVault, type Vault } from '../../src/redact/index.ts';
import type { Scanner } from '../../src/scan/index.ts';
import { realScanner } from './setting.ts';

/** A made-up person. */
export const TERMS: readonly IdentityTerm[] = [
  { kind: 'user', value: 'marianne' },
  { kind: 'host', value: 'mariannes-laptop' },
  { kind: 'home', value: '/home/marianne' },
  { kind: 'name', value: 'Marianne Muster' },
  { kind: 'email', value: 'marianne@firm.example' },
];

export interface Checker extends InspectWith {
  vault: Vault;
  /** Texts that were scanned since the start. */
  scanned: string[];
  check(body: unknown): Checked;
  /** The body as it would be sent. */
  sent(body: unknown): string;
  /** The same by a gateway that remembers no body. */
  sentAnew(body: unknown): string;
}

export async function createChecker(
  identity: Policy['identity'] = 'keep',
  images: Policy['images'] = 'pass',
): Promise<Checker> {
  const vault = createVault();
  const scanned: string[] = [];
  const scanner = await realScanner();
  const counting: Scanner = {
    ...scanner,
    scanDeep(text, context) {
      scanned.push(text);
      return scanner.scanDeep(text, context);
    },
  };
  const using: InspectWith = {
    sieve: createSieve(counting, vault),
    identity: createIdentity(identity),
    identityText: createIdentityText(identity, TERMS, '/home/marianne/projects/shop'),
    provenance: createProvenance(),
    withheld: new Map(),
    pictures: { mode: images, granted: new Set<string>(), denied: new Set<string>() },
  };
  const bytesOf = (body: unknown): Buffer =>
    Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const memory = createMemory();
  const check = (body: unknown): Checked => checkBody(bytesOf(body), using, memory);
  const sent = (body: unknown): string => check(body).body.toString();
  const sentAnew = (body: unknown): string => checkBody(bytesOf(body), using, createMemory()).body.toString();
  return { ...using, vault, scanned, check, sent, sentAnew };
}
