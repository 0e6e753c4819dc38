import { crc32, deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import type { GatewayQuestion } from '../../src/gateway/index.ts';
import { type Checker, createChecker } from './checker.ts';
import { bodyWith, GITHUB, openSetting, ask as send } from './setting.ts';

let checker: Checker;
beforeEach(async () => {
  checker = await createChecker('keep', 'pass');
});

const block = (type: string, media: string, data: Buffer | string) => ({
  messages: [
    {
      role: 'user',
      content: [
        {
          type,
          source: {
            type: 'base64',
            media_type: media,
            data: typeof data === 'string' ? data : data.toString('base64'),
          },
        },
      ],
    },
  ],
});

/** The data of the one block as it would be sent. */
const sentData = (body: unknown) =>
  Buffer.from(JSON.parse(checker.sent(body)).messages[0].content[0].source.data as string, 'base64');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'passed';
}

// node:zlib has no crc32 on Node 20.15 and before.
function chunk(name: string, data: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(data)]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(typeof crc32 === 'function' ? crc32(body) : 0);
  return Buffer.concat([size, body, sum]);
}

const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex');
const HEAD = chunk('IHDR', Buffer.from('00000001000000010806000000', 'hex'));
const PIXELS = chunk('IDAT', deflateSync(Buffer.from([0, 1, 2, 3, 4])));
const END = chunk('IEND', '');
const CLEAN_PNG = Buffer.concat([PNG_START, HEAD, PIXELS, END]);
const LOUD_PNG = Buffer.concat([
  PNG_START,
  HEAD,
  chunk('tEXt', `Comment\0${GITHUB}`),
  chunk('eXIf', GITHUB),
  PIXELS,
  END,
  Buffer.from(GITHUB),
]);

const segment = (marker: number, text: string) =>
  Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text)]);
const scan = Buffer.concat([segment(0xda, 'abc'), Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4])]);
const jpeg = (...more: Buffer[]) =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...more, segment(0xdb, 'table'), scan, Buffer.from([0xff, 0xd9])]);
const CLEAN_JPEG = jpeg();
const LOUD_JPEG = Buffer.concat([jpeg(segment(0xe1, `Exif\0\0${GITHUB}`), segment(0xfe, GITHUB)), Buffer.from(GITHUB)]);

const gif = (...more: Buffer[]) =>
  Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from('01000100800000000000ffffff', 'hex').subarray(0, 7),
    Buffer.alloc(6),
    ...more,
    Buffer.from('2c000000000100010000020144003b', 'hex'),
  ]);
const CLEAN_GIF = gif();
const LOUD_GIF = Buffer.concat([
  gif(Buffer.from([0x21, 0xfe, GITHUB.length]), Buffer.from(GITHUB), Buffer.from([0])),
  Buffer.from(GITHUB),
]);

const riff = (...chunks: Buffer[]) => {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
};
const webpChunk = (name: string, data: string) => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name), size, Buffer.from(data), Buffer.alloc(data.length & 1)]);
};
const CLEAN_WEBP = riff(webpChunk('VP8L', 'pixels'));
const LOUD_WEBP = Buffer.concat([
  riff(webpChunk('VP8L', 'pixels'), webpChunk('EXIF', GITHUB), webpChunk('XMP ', GITHUB)),
  Buffer.from(GITHUB),
]);

describe('a picture', () => {
  it.each([
    ['image/png', CLEAN_PNG, LOUD_PNG],
    ['image/jpeg', CLEAN_JPEG, LOUD_JPEG],
    ['image/gif', CLEAN_GIF, LOUD_GIF],
    ['image/webp', CLEAN_WEBP, LOUD_WEBP],
  ])('%s goes without what a tool wrote beside the pixels, and without a tail', (media, clean, loud) => {
    expect(sentData(block('image', media, loud)).equals(clean)).toBe(true);
    const body = block('image', media, clean);
    expect(checker.sent(body)).toBe(JSON.stringify(body));
  });

  it.each([
    ['of another type than it says', 'image/jpeg', CLEAN_PNG],
    ['that is none', 'image/png', Buffer.from(GITHUB)],
    ['that breaks off', 'image/png', CLEAN_PNG.subarray(0, 40)],
    ['in loose base64', 'image/png', `${CLEAN_PNG.toString('base64')}\n`],
    [
      'with bytes after the padding',
      'image/png',
      `${CLEAN_PNG.toString('base64')}${Buffer.from(GITHUB).toString('base64')}`,
    ],
    ['of an unknown chunk in WebP', 'image/webp', riff(webpChunk('VP8L', 'p'), webpChunk('note', GITHUB))],
  ])('%s is refused', (_what, media, data) => {
    expect(codeOf(() => checker.check(block('image', media, data)))).toBe('gateway.image');
  });

  it('with a secret of the session among its pixels is refused', () => {
    checker.vault.place('github.pat', GITHUB, '.env');
    const data = Buffer.concat([PNG_START, HEAD, chunk('IDAT', GITHUB), END]);
    expect(codeOf(() => checker.check(block('image', 'image/png', data)))).toBe('gateway.secret');
  });

  it('that the provider would fetch is refused', () => {
    const content = [{ type: 'image', source: { type: 'url', url: 'https://evil.example.com/?x' } }];
    expect(codeOf(() => checker.check({ messages: [{ role: 'user', content }] }))).toBe('gateway.remote-tool');
  });

  it('is refused where policy says so', async () => {
    checker = await createChecker('keep', 'refuse');
    expect(codeOf(() => checker.check(block('image', 'image/png', CLEAN_PNG)))).toBe('gateway.image');
  });

  it('is asked for once where policy says so', async () => {
    const questions: GatewayQuestion[] = [];
    const setting = await openSetting({
      policy: { images: 'ask' },
      gateway: {
        ask: async (question) => {
          questions.push(question);
          return 'once';
        },
      },
    });
    const body = JSON.stringify(block('image', 'image/png', LOUD_PNG));
    expect((await send(setting, 'POST', '/v1/messages', body)).status).toBe(200);
    expect((await send(setting, 'POST', '/v1/messages', body)).status).toBe(200);
    expect(questions).toEqual([{ what: 'image', type: 'image/png', bytes: CLEAN_PNG.length }]);
    await setting.close();
  });

  it('is refused without a person to ask', async () => {
    const setting = await openSetting({ policy: { images: 'ask' } });
    const body = JSON.stringify(block('image', 'image/png', CLEAN_PNG));
    expect((await send(setting, 'POST', '/v1/messages', body)).status).toBe(451);
    expect((await send(setting, 'POST', '/v1/messages', bodyWith('x'))).status).toBe(200);
    await setting.close();
  });
});

const pdf = (...objects: string[]) =>
  Buffer.from(
    `%PDF-1.4\n${objects.map((object, at) => `${at + 1} 0 obj\n${object}\nendobj\n`).join('')}%%EOF`,
    'latin1',
  );
const stream = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
const packed = (content: string) => {
  const data = deflateSync(Buffer.from(content, 'latin1')).toString('latin1');
  return `<< /Length ${data.length} /Filter /FlateDecode >>\nstream\n${data}\nendstream`;
};
const shifted = [...GITHUB].map((char) => (char.charCodeAt(0) - 0x1d).toString(16).padStart(4, '0')).join('');
const MAP = '/CIDInit begincmap 1 beginbfrange <0000> <005f> <001d> endbfrange endcmap';

describe('a document', () => {
  it.each([
    ['in a string', pdf(stream(`BT (a ${GITHUB} b) Tj ET`))],
    ['in a packed string', pdf(packed(`BT (a ${GITHUB} b) Tj ET`))],
    [
      'in pieces with distances between letters',
      pdf(packed(`BT [(${GITHUB.slice(0, 9)}) -20 (${GITHUB.slice(9)})] TJ ET`)),
    ],
    ['letter by letter', pdf(packed(`BT ${[...GITHUB].map((char) => `(${char}) Tj 5 0 Td`).join(' ')} ET`))],
    ['in hex', pdf(packed(`BT <${Buffer.from(GITHUB).toString('hex')}> Tj ET`))],
    ['in the codes of a font', pdf(packed(`BT <${shifted}> Tj ET`), packed(MAP))],
    ['in octal', pdf(packed(`BT (\\147${GITHUB.slice(1)}) Tj ET`))],
    ['in its title', pdf(`<< /Title (${GITHUB}) >>`)],
    ['in its title as UTF-16', pdf(`<< /Title (\xfe\xff${[...GITHUB].map((char) => `\0${char}`).join('')}) >>`)],
  ])('with a secret %s is refused', (_what, data) => {
    expect(codeOf(() => checker.check(block('document', 'application/pdf', data)))).toBe('gateway.secret');
  });

  it.each([
    ['encrypted', pdf('<< /Encrypt 2 0 R >>')],
    ['damaged', pdf('<< /Filter /FlateDecode >>\nstream\nnot deflate at all\nendstream')],
    ['packed in an unknown way', pdf('<< /Filter /LZWDecode >>\nstream\nx\nendstream')],
  ])('that is %s is refused', (_what, data) => {
    expect(codeOf(() => checker.check(block('document', 'application/pdf', data)))).toBe('gateway.document');
  });

  it('with harmless text passes byte for byte, one without text is a picture', async () => {
    checker = await createChecker('keep', 'refuse');
    const body = block('document', 'application/pdf', pdf(packed('BT (quite harmless) Tj ET')));
    expect(checker.sent(body)).toBe(JSON.stringify(body));
    const empty = block(
      'document',
      'application/pdf',
      pdf('<< /Subtype /Image /Filter /DCTDecode >>\nstream\nx\nendstream'),
    );
    expect(codeOf(() => checker.check(empty))).toBe('gateway.image');
  });

  it('of plain text is redacted like text', () => {
    const content = [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: `a ${GITHUB}` } }];
    expect(checker.sent({ messages: [{ role: 'user', content }] })).toMatch(/a REDACTED_/);
  });
});
