// Whom programs inside trust: the session's authority, which stands for every host that the gateway opens. Hosts that policy tunnels
// unopened show their own certificates, so where there is one the public authorities are trusted too, else nobody's.
import { rootCertificates } from 'node:tls';
import type { Policy } from '../policy/index.ts';

/** The authorities as PEM, the session's first. */
export function authoritiesOf(session: string, { allow }: Policy['network']): string {
  if (!allow.some((entry) => entry.opaque)) return session;
  return `${[session.trimEnd(), ...rootCertificates].join('\n')}\n`;
}
