// Authorities for Java, which reads no PEM: a PKCS#12 store (RFC 7292) with certificates only. It has no password and no seal, since there is
// no secret in it: Java then reads it without being told a password.

const DATA = '1.2.840.113549.1.7.1';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509 = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
/** Java counts a certificate as trusted when this names a purpose; here any (JDK source, `PKCS12KeyStore`). */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_PURPOSE = '2.5.29.37.0';

/** Packs certificates, PEM in any number, into a store. */
export function trustStore(pem: string): Buffer {
  const bags = certificatesOf(pem).map((der, index) => bag(der, `sotto-${index}`));
  const contents = sequence(content(sequence(...bags)));
  return sequence(integer(3), content(contents));
}

/** The DER of each certificate in a PEM text. */
function certificatesOf(pem: string): Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return [...blocks].map((match) => Buffer.from(match[1] as string, 'base64'));
}

function bag(certificate: Buffer, name: string): Buffer {
  const value = sequence(oid(X509), tagged(octets(certificate)));
  const attributes = [
    sequence(oid(FRIENDLY_NAME), set(wide(name))),
    sequence(oid(TRUSTED_KEY_USAGE), set(oid(ANY_PURPOSE))),
  ];
  return sequence(oid(CERTIFICATE_BAG), tagged(value), set(...attributes));
}

/** A ContentInfo of plain data. */
const content = (bytes: Buffer) => sequence(oid(DATA), tagged(octets(bytes)));

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]) => der(0x31, Buffer.concat(parts));
const octets = (bytes: Buffer) => der(0x04, bytes);
const tagged = (bytes: Buffer) => der(0xa0, bytes);
const integer = (value: number) => der(0x02, Buffer.from([value]));
/** BMPString: two bytes for each character, the higher first. */
const wide = (text: string) => der(0x1e, Buffer.from(text, 'utf16le').swap16());

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Seven bits a byte, the highest bit set on all but the last. */
function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
