// Character references of HTML and XML, by name and by number.
import { type View, ViewBuilder } from './view.ts';

const AMPERSAND = 0x26;
const REFERENCE = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,14})(?=;));?/;

/** Names of what may stand in a secret, or stand in it unseen. */
const NAMES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  lowbar: '_',
  UnderBar: '_',
  hyphen: '-',
  dash: '-',
  period: '.',
  colon: ':',
  semi: ';',
  comma: ',',
  excl: '!',
  num: '#',
  dollar: '$',
  percnt: '%',
  lpar: '(',
  rpar: ')',
  ast: '*',
  plus: '+',
  equals: '=',
  sol: '/',
  bsol: '\\',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  lcub: '{',
  lbrace: '{',
  rcub: '}',
  rbrace: '}',
  verbar: '|',
  vert: '|',
  grave: '`',
  Hat: '^',
  quest: '?',
  Tab: '\t',
  NewLine: '\n',
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  zwj: '',
  zwnj: '',
  lrm: '',
  rlm: '',
  NoBreak: '',
  ZeroWidthSpace: '',
};

/** The text with `&#65;`, `&#x41;` and `&lowbar;` undone; undefined when there is none. */
export function undoEntities(source: Buffer): View | undefined {
  let view: ViewBuilder | undefined;
  let from = 0;
  for (let at = source.indexOf(AMPERSAND); at >= 0; at = source.indexOf(AMPERSAND, at + 1)) {
    if (!begins(source[at + 1])) continue;
    const match = REFERENCE.exec(source.toString('latin1', at, at + 18));
    const text = match === null ? undefined : meaningOf(match);
    if (match === null || text === undefined) continue;
    view ??= new ViewBuilder(source);
    view.copy(from, at);
    view.push([...Buffer.from(text, 'utf8')], at);
    from = at + match[0].length;
  }
  view?.copy(from, source.length);
  return view?.done('entity');
}

/** A number sign or a letter; most ampersands stand in code, before another or a blank. */
function begins(byte = 0): boolean {
  return byte === 0x23 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}

function meaningOf([, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
