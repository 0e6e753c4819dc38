// Finds secrets in one text of a request: what the rules find at any depth, and every secret that the vault knows.
import { PLACEHOLDER, redactText, type Vault } from '../redact/index.ts';
import { type ContentKind, createKnownSecrets, type Finding, type Scanner } from '../scan/index.ts';
import { withoutPrefixes } from './line-prefix.ts';
import type { TextEdit } from './splice.ts';

export interface Sieve {
  /** All secrets of a text, sorted and apart. */
  find(text: string): Finding[];
  /** The rule of a secret that the vault knows, if one stands in the text: for ids and signatures, where rules see ghosts. */
  findKnown(text: string): string | undefined;
  /** The same in bytes. */
  findKnownIn(bytes: Buffer): string | undefined;
  /** What bytes hold that are not JSON, and their secrets. */
  scanBytes(bytes: Uint8Array): { kind: ContentKind; findings: readonly { rule: string }[] };
  /** Replacements that put placeholders over the findings; enters new secrets into the vault. Lines never move. */
  redact(text: string, findings: readonly Finding[]): TextEdit[];
  /** Counts up with each secret that becomes known. */
  readonly version: number;
}

export function createSieve(scanner: Scanner, vault: Vault): Sieve {
  const known = createKnownSecrets();
  const place = (rule: string, secret: string): string => vault.place(rule, secret, 'prompt');
  const upToDate = () => {
    known.update(vault.entries(), vault.version);
    return known;
  };
  return {
    get version() {
      return vault.version;
    },
    find(text) {
      const findings = scanner.scanDeep(text, { known: upToDate() });
      return findings.filter((finding) => !isPlaceholder(text.slice(finding.startUtf16, finding.endUtf16)));
    },
    findKnown: (text) => upToDate().find(Buffer.from(text, 'utf8'))[0]?.rule,
    findKnownIn: (bytes) => upToDate().find(bytes)[0]?.rule,
    scanBytes(bytes) {
      const { kind, findings } = scanner.scanBytes(bytes);
      return { kind, findings: [...findings, ...upToDate().find(Buffer.from(bytes))] };
    },
    redact: (text, findings) =>
      withoutPrefixes(text, findings).map((finding) => {
        const secret = text.slice(finding.startUtf16, finding.endUtf16);
        const whole = { ...finding, startUtf16: 0, endUtf16: secret.length };
        return {
          start: finding.startUtf16,
          end: finding.endUtf16,
          text: redactText(secret, [whole], place).text,
        };
      }),
  };
}

function isPlaceholder(text: string): boolean {
  return text !== '' && text.replace(PLACEHOLDER, '') === '';
}
