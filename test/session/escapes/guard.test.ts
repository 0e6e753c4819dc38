import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEscapeGuard } from '../../../src/session/escapes/guard.ts';

const E = '\x1b';
const ST = `${E}\\`;
const BEL = '\x07';

/** All of the output at once, then byte by byte: a guard that depends on chunks shows here. */
function guarded(output: string | Buffer): { text: string; told: string[] } {
  const bytes = Buffer.from(output);
  const told: string[] = [];
  const whole = createEscapeGuard((kind) => told.push(kind))(bytes);
  const slow = createEscapeGuard();
  const pieces = [...bytes].map((byte) => Buffer.from(slow(Buffer.from([byte]))));
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  return { text: whole.toString('latin1'), told };
}

const tmux = (inner: string) => `${E}Ptmux;${inner.replaceAll(E, E + E)}${ST}`;

describe('what passes, byte for byte', () => {
  const passing: Record<string, string> = {
    text: 'words, “quotes”, ✳ ◐ 漢字 and \r\n\ttabs\b',
    'colours and cursor': `${E}[1;31mred${E}[0m${E}[2J${E}[12;3H${E}[?25l${E}7${E}8${E}M`,
    'modes of Claude Code': `${E}[?1049h${E}[?1003h${E}[?1006h${E}[?2004h${E}[?1004h${E}[?2031h${E}[?2026h${E}[>5u${E}[>4;2m`,
    'its questions': `${E}[>0q${E}[?u${E}[c${E}[?2026$p${E}[16t${E}[?1016$p${E}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA${ST}${E}]7501;?${ST}`,
    titles: `${E}]0;✳ Claude Code${BEL}${E}]2;other${ST}${E}[22;0t${E}[23;0t`,
    links: `${E}]8;;https://example.com/a${ST}words${E}]8;;${ST}`,
    notifications: `${E}]9;done${BEL}${E}]9;4;1;50${ST}${E}]777;notify;title;body${ST}${E}]99;i=1:d=0;hello${ST}`,
    colours: `${E}]11;?${ST}${E}]4;1;rgb:ff/00/00${BEL}${E}]104${ST}`,
    'a copy to the clipboard': `${E}]52;c;${'QUJD'.repeat(1000)}${BEL}`,
    pictures: `${E}P0;1;0q"1;1;2;2#0~~${ST}${E}_Ga=T,f=100,m=1;${'AAAA'.repeat(200)}${ST}`,
    capabilities: `${E}P+q544e${ST}${E}P$qm${ST}${E}P=1s${ST}`,
    'character sets': `${E}(0lqk${E}(B${E}%G${E}#8${E}=${E}>${E}c`,
    'a copy through tmux': tmux(`${E}]52;c;QUJD${BEL}`),
    'upper control characters': 'next\u0085line\u008d',
  };
  it.each(Object.entries(passing))('%s', (_, output) => {
    expect(guarded(output)).toEqual({ text: Buffer.from(output).toString('latin1'), told: [] });
  });

  it('any text without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.replaceAll(/\p{Cc}/gu, '');
        expect(guarded(plain).text).toBe(Buffer.from(plain).toString('latin1'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is left out', () => {
  const dropped: Record<string, [output: string | Buffer, told: string]> = {
    'a question for the clipboard': [`a${E}]52;c;?${BEL}b`, 'osc 52'],
    'a question for the selection': [`a${E}]52;;?${ST}b`, 'osc 52'],
    'a question with a zero before': [`a${E}]052;c;?${ST}b`, 'osc 052'],
    'a question with a control character in it': [`a${E}]5\x002;c;\x01?${ST}b`, 'osc 52'],
    'a question in an upper character': [`a\u009d52;c;?${BEL}b`, 'osc 52'],
    'a question in a bare upper byte': [Buffer.from(`a\x9d52;c;?\x07b`, 'latin1'), 'osc 52'],
    'a question through tmux': [`a${tmux(`${E}]52;c;?${BEL}`)}b`, 'osc 52'],
    'a question through tmux through tmux': [`a${tmux(tmux(`${E}]52;c;?${BEL}`))}b`, 'osc 52'],
    'a question inside of a title': [`a${E}]0;title${E}]52;c;?${BEL}b`, 'osc 52'],
    'a question inside of a picture': [`a${E}P0q~~${E}]52;c;?${BEL}b`, 'osc 52'],
    'the clipboard of kitty': [`a${E}]5522;type=read;dGV4dA==${ST}b`, 'osc 5522'],
    'its reports of what is pasted': [`a${E}[?5522hb`, 'csi h'],
    'file transfer': [`a${E}]5113;ac=send${ST}b`, 'osc 5113'],
    "a download in iTerm2's way": [`a${E}]1337;File=name=eA==:AAAA${BEL}b`, 'osc 1337'],
    "a macro of ConEmu's": [`a${E}]9;6;"Shell"${ST}b`, 'osc 9'],
    'the log file of xterm': [`a${E}]46;/tmp/x${BEL}b`, 'osc 46'],
    'lines for Emacs': [`a${E}]51;Efind-file x${ST}b`, 'osc 51'],
    'the command line of an editor': [`a${E}]633;E;rm${ST}b`, 'osc 633'],
    'an extension of rxvt': [`a${E}]777;other;x${ST}b`, 'osc 777'],
    'keys that type': [`a${E}P0;1|17/6c730a${ST}b`, 'dcs 0'],
    'a command to kitty': [`a${E}P@kitty-cmd{"cmd":"launch"}${ST}b`, 'dcs'],
    "tmux's control mode": [`a${E}P1000p${ST}b`, 'dcs 1000'],
    'a picture by its path': [`a${E}_Gt=f,a=T;L2V0Yy9wYXNzd2Q=${ST}b`, 'apc'],
    'a private message': [`a${E}^x${ST}b`, 'pm'],
    'a report of the title': [`a${E}[21tb`, 'csi t'],
    'a report of the title with zeros': [`a${E}[0021;1tb`, 'csi t'],
    printing: [`a${E}[5ib`, 'csi i'],
    'a checksum of the screen': [`a${E}[1;1;1;1;9;9*yb`, 'csi y'],
    'the end of UTF-8': [`a${E}%@b`, 'escape'],
  };
  it.each(Object.entries(dropped))('%s', (_, [output, told]) => {
    const { text, told: all } = guarded(output);
    expect(text).not.toMatch(/52;|5522|5113|1337|;6;|46;|51;|633|other|\||kitty|1000|Gt|\^|21|\[5i|\*y|%@/);
    expect(text).toMatch(/^a/);
    expect(text).toMatch(/b$/);
    expect(all[0]).toBe(told);
  });

  it('control characters in the middle are carried out, and hide nothing', () => {
    expect(guarded(`${E}[2\n1t`)).toEqual({ text: '\n', told: ['csi t'] });
    expect(guarded(`${E}\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00]52;c;?${BEL}`).told).toEqual(['osc 52']);
  });

  it('a string that never ends holds no memory and ends with the next sequence', () => {
    const guard = createEscapeGuard();
    expect(guard(Buffer.from(`${E}]1337;File=${'A'.repeat(1 << 20)}`)).length).toBe(0);
    expect(guard(Buffer.from(`${E}[0mwords`)).toString()).toBe(`${E}[0mwords`);
  });

  it('nothing that a terminal of its own reading would answer with the clipboard, in 3000 random outputs', () => {
    const piece = fc.constantFrom(
      E,
      ']',
      'P',
      '52;c;',
      '?',
      BEL,
      '\\',
      ST,
      'tmux;',
      '\u009d',
      '\u009c',
      '\x18',
      '0;',
      'x',
      ';',
      '[',
      'c',
      '\x00',
      E + E,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const { text } = guarded(pieces.join(''));
        expect(asksForClipboard(text)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The most generous reading: introducer, control characters anywhere, the number, a question. */
function asksForClipboard(latin1: string): boolean {
  const skipped = latin1.replaceAll(/[\0\x01]/g, '');
  return /(?:\x1b\]|\x9d)52;[^;\x1b\x07\x9c\x18]*;\?/.test(skipped);
}
