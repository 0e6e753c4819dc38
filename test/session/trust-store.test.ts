import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/gateway/authority.ts';
import { authoritiesOf } from '../../src/session/authorities.ts';
import { trustStore } from '../../src/session/trust-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = { host: 'a.example', methods: ['GET'], path: '/', reason: 'test' };
const hasKeytool = spawnSync('keytool', ['-help']).error === undefined;

describe('the authorities of a session', () => {
  it('are its own alone, and the public ones beside it only where policy tunnels a host unopened', () => {
    expect(authoritiesOf('own\n', { allow: [{ ...entry, opaque: false }] } as never)).toBe('own\n');
    const all = authoritiesOf('own\n', { allow: [{ ...entry, opaque: true }] } as never);
    expect(all.startsWith(`own\n${rootCertificates[0]}`)).toBe(true);
    expect(all.match(/BEGIN CERTIFICATE/g)).toHaveLength(rootCertificates.length);
  });

  it('are read back from the store by OpenSSL as they were, in order', async () => {
    const { certificate } = await createAuthority();
    const file = join(folder, 'ca.p12');
    writeFileSync(file, trustStore([certificate, ...rootCertificates.slice(0, 3)].join('\n')));
    const read = execFileSync('openssl', ['pkcs12', '-in', file, '-nokeys', '-nomacver', '-passin', 'pass:'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pem = [...read.matchAll(/-----BEGIN[^-]+-----([^-]+)-----END/g)].map((match) => match[1]?.replace(/\s/g, ''));
    const wanted = [certificate, ...rootCertificates.slice(0, 3)];
    expect(pem).toEqual(wanted.map((text) => text.replace(/-----[A-Z ]+-----|\s/g, '')));
  });

  it.runIf(hasKeytool)('are trusted entries for Java, without a password', async () => {
    const { certificate } = await createAuthority();
    const file = join(folder, 'ca.p12');
    writeFileSync(file, trustStore([certificate, ...rootCertificates].join('\n')));
    const listed = execFileSync('keytool', ['-list', '-keystore', file, '-storetype', 'PKCS12'], {
      encoding: 'utf8',
      input: '\n',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(listed.match(/trustedCertEntry/g)).toHaveLength(rootCertificates.length + 1);
  });
});
