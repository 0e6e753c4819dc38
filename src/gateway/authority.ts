// The certificate authority of one session. Its key is made here, stays in memory and dies with the process; its
// certificate is trusted inside the sandbox only. Leaves live as long as the authority: a session, at most a week.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const WEEK = 7 * 24 * 3600_000;
export interface Leaf {
  key: string;
  cert: string;
}

export interface Authority {
  /** PEM of the authority's certificate. */
  readonly certificate: string;
  /** Mints key and certificate (PEM) that answer for a host. */
  leaf(host: string): Promise<Leaf>;
}

/** Makes a new authority: ECDSA P-256, signs for server authentication only, path length 0. */
export async function createAuthority(now: Date = new Date()): Promise<Authority> {
  const keys = await newKeys();
  const dates = { notBefore: new Date(now.getTime() - 3600_000), notAfter: new Date(now.getTime() + WEEK) };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=sotto session authority',
    ...dates,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    leaf: (host) => mint(host, certificate, keys, dates),
  };
}

async function mint(
  host: string,
  issuer: X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
  dates: { notBefore: Date; notAfter: Date },
): Promise<Leaf> {
  const keys = await newKeys();
  const leaf = await X509CertificateGenerator.create({
    serialNumber: serial(),
    // A common name holds 64 characters at most; programs look at the alternative name only.
    subject: 'CN=sotto session',
    issuer: issuer.subject,
    ...dates,
    signingAlgorithm: ALGORITHM,
    signingKey: issuerKeys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: host }], true),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: leaf.toString('pem') };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** Positive and 16 bytes long, as RFC 5280 asks. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
