import { describe, expect, it } from 'vitest';
import { createKnownSecrets } from '../../src/scan/index.ts';
import { scannerOfPack } from './token.ts';

const SECRET = 'horse+battery/staple%"21 ';
const base64 = (text: string) => Buffer.from(text).toString('base64');

function knownOf(...secrets: string[]) {
  const known = createKnownSecrets();
  known.update(
    secrets.map((secret) => ({ rule: 'a.secret', secret })),
    secrets.length,
  );
  return known;
}

const FORMS: [description: string, text: string][] = [
  ['as it is', SECRET],
  ['base64', base64(SECRET)],
  ['base64 at the second alignment', base64(`x${SECRET}yz`)],
  ['base64 at the third alignment', base64(`xy${SECRET}z`)],
  ['base64url', Buffer.from(`>>?${SECRET}>`).toString('base64url')],
  ['hex', Buffer.from(SECRET).toString('hex')],
  ['hex in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['percent-encoding', encodeURIComponent(SECRET)],
  ['a JSON string', JSON.stringify(SECRET)],
  ['reversed', [...SECRET].reverse().join('')],
  ['a letter a line', [...SECRET].join('\n')],
  ['split by blanks', 'horse+bat tery/st aple%"21 '],
  ['split by quotes and signs', `'horse+ba' + 'ttery/st' + 'aple%"21 '`],
  ['base64 in lines', base64(SECRET).replace(/(.{10})/g, '$1\n')],
  ['a line of mail that goes on', 'horse+bat=\r\ntery/st=\naple%"21 '],
];

describe('createKnownSecrets', () => {
  it('finds a secret that was percent-encoded where it was found, decoded', () => {
    const found = knownOf('horse%21battery%2Fstaple').find(
      Buffer.from('the password is horse!battery/staple, they say'),
    );
    expect(found.map(({ start, end }) => [start, end])).toContainEqual([16, 36]);
  });

  it.each(FORMS)('finds a secret in this form: %s', (_, text) => {
    const found = knownOf('something else', SECRET).find(Buffer.from(`some text ${text} and more`));
    expect(found.length).toBeGreaterThan(0);
    const covered = found.reduce((most, one) => Math.max(most, one.end - one.start), 0);
    expect(covered).toBeGreaterThanOrEqual(SECRET.trim().length);
  });

  it('finds a short secret only as a word of its own', () => {
    const known = knownOf('hunter2');
    expect(known.find(Buffer.from('the hunter2 is'))).toHaveLength(1);
    expect(known.find(Buffer.from('the hunter22 is, and thehunter2'))).toEqual([]);
  });

  it('takes in new secrets when the version is a new one', () => {
    const known = knownOf('first-secret');
    known.update([{ rule: 'a.b', secret: 'second-secret' }], 1);
    expect(known.find(Buffer.from('second-secret'))).toEqual([]);
    known.update([{ rule: 'a.b', secret: 'second-secret' }], 2);
    expect(known.find(Buffer.from('second-secret'))).toHaveLength(1);
  });

  it('is asked at every depth of scanDeep', async () => {
    const scanner = await scannerOfPack();
    const known = knownOf('correct horse');
    const found = scanner.scanDeep(base64(base64('a text with correct horse in it')), { known });
    expect(found).toMatchObject([{ rule: 'a.secret', encoding: ['base64', 'base64'] }]);
  });
});
