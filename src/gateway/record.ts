// What happened to each request: one event for the screen, one line for the ledger. No query string, no value; a path
// or host that a program inside made up may itself be a secret, so it is sifted too.
import type { Refusal } from '../errors/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { GatewayEvent } from './gateway.ts';
import type { RelayResult } from './relay.ts';
import type { Sieve } from './sift.ts';

interface Asked {
  host: string;
  method: string;
  path: string;
}

export interface Recorder {
  /** Before anything is sent; throws when the ledger cannot be written, then nothing may be sent. */
  request(
    asked: Asked,
    verdict: 'forward' | 'redact' | 'answer',
    bytes: number,
    findings: GatewayEvent['findings'],
  ): void;
  /** After the answer. */
  answer(asked: Asked, result: RelayResult): void;
  /** Never throws: a refusal stands even when it cannot be recorded. */
  refused(asked: Asked, refusal: Refusal): void;
  /** A path or host as it may be shown. */
  shown(text: string): string;
}

const MOST_SHOWN = 200;
const MOST_REMEMBERED = 64;

export function createRecorder(ledger: Ledger, sieve: Sieve, onEvent: (event: GatewayEvent) => void): Recorder {
  const sifted = (text: string): string => {
    let out = '';
    let from = 0;
    for (const finding of sieve.find(text)) {
      out += `${text.slice(from, finding.startUtf16)}[${finding.rule}]`;
      from = finding.endUtf16;
    }
    return (out + text.slice(from)).replace(/[^\x20-\x7e]/g, '?').slice(0, MOST_SHOWN);
  };
  const shown = rememberShown(sieve, sifted);
  const place = ({ host, method, path }: Asked) => ({
    host: shown(host),
    method: /^[A-Z]{1,20}$/.test(method) ? method : '?',
    path: shown(path),
  });
  return {
    shown,
    request(asked, verdict, bytes, findings) {
      const event: GatewayEvent = { ...place(asked), verdict, bytes, findings };
      ledger.append({ kind: 'request', ...event });
      onEvent(event);
    },
    answer(asked, { status, headers, cut }) {
      const organization = plain(headers['anthropic-organization-id']);
      const requestId = plain(headers['request-id']);
      ledger.append({ kind: 'answer', ...place(asked), status, cut, organization, requestId });
    },
    refused(asked, refusal) {
      const event: GatewayEvent = { ...place(asked), verdict: 'refuse', code: refusal.code, bytes: 0, findings: {} };
      try {
        ledger.append({ kind: 'refused', ...event });
      } catch {
        // The request is refused already; the next one that would be sent meets the same ledger.
      }
      onEvent(event);
    },
  };
}

/** Hosts and paths are the same few in a session; each is sifted once, until another secret becomes known. */
function rememberShown(sieve: Sieve, sifted: (text: string) => string): (text: string) => string {
  const remembered = new Map<string, string>();
  let version = sieve.version;
  return (text) => {
    if (version !== sieve.version || remembered.size >= MOST_REMEMBERED) remembered.clear();
    version = sieve.version;
    const made = remembered.get(text) ?? sifted(text);
    if (text.length <= MOST_SHOWN) remembered.set(text, made);
    return made;
  };
}

function plain(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value) ? value : undefined;
}
