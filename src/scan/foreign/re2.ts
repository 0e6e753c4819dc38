// Expressions of Go's RE2 (the syntax of gitleaks) as JavaScript ones without flags, so that groups with flags of their own
// (`a(?i:b)c`) can be told too: a letter that may have any case becomes a class of both. RE2 has no lookaround and no
// back references; what it has and we cannot run over bytes (`\pL`, letters beyond ASCII in classes) is said, never guessed.

import { type Flags, hex, literal, range, withFlags } from './re2-text.ts';

/** What an expression is in JavaScript, or why it cannot be one. */
export type Translated = { source: string; groups: number } | { problem: string };

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** RE2's `\s` has neither the vertical tab nor the spaces beyond ASCII that JavaScript's has. */
const SPACE = '\\t\\n\\f\\r ';
const NOT_SPACE = '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\xff';
const FLAGS = /^\?([imsU]*)(?:-([imsU]+))?([:)])/;

class Untranslatable extends Error {}

/**
 * Translates an expression.
 * @param secret which groups become the groups `secret`, `secret2`, ...: a number from 1, or 0 for all of them
 */
export function translateRe2(source: string, secret?: number): Translated {
  try {
    return new Translation(source, secret).all();
  } catch (error) {
    if (error instanceof Untranslatable) return { problem: error.message };
    throw error;
  }
}

class Translation {
  readonly #source: string;
  readonly #secret: number | undefined;
  #at = 0;
  #groups = 0;
  #named = 0;

  constructor(source: string, secret: number | undefined) {
    this.#source = source;
    this.#secret = secret;
  }

  all(): { source: string; groups: number } {
    const source = this.#sequence({ i: false, m: false, s: false, U: false });
    if (this.#at < this.#source.length) throw new Untranslatable('a bracket closes that was never opened');
    return { source, groups: this.#groups };
  }

  /** Up to the bracket that closes the group, or to the end. */
  #sequence(given: Flags): string {
    let flags = given;
    let out = '';
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      const bare = this.#bareFlags(flags);
      if (bare === undefined) out += this.#atom(flags) + this.#repetition(flags);
      else flags = bare;
    }
    return out;
  }

  /** `(?i)`: counts to the end of the group it stands in. */
  #bareFlags(flags: Flags): Flags | undefined {
    if (this.#source[this.#at] !== '(') return undefined;
    const match = FLAGS.exec(this.#source.slice(this.#at + 1));
    if (match === null || match[3] !== ')') return undefined;
    this.#at += 1 + match[0].length;
    return withFlags(flags, match[1]!, match[2]);
  }

  #atom(flags: Flags): string {
    const char = this.#take();
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        return this.#class(flags);
      case '\\':
        return this.#escape(flags);
      case '.':
        return flags.s ? '[\\s\\S]' : '[^\\n]';
      case '^':
        return flags.m ? '(?:^|(?<=\\n))' : '^';
      case '$':
        return flags.m ? '(?:$|(?=\\n))' : '$';
      case '|':
        return '|';
      default:
        return literal(char, flags);
    }
  }

  #group(flags: Flags): string {
    let inner = flags;
    let open = '(?:';
    const rest = this.#source.slice(this.#at);
    const name = /^\?P?<\w+>/.exec(rest);
    const flagged = FLAGS.exec(rest);
    if (flagged !== null) {
      inner = withFlags(flags, flagged[1]!, flagged[2]);
      this.#at += flagged[0].length;
    } else if (rest.startsWith('?') && name === null) {
      throw new Untranslatable('a group that Go does not know, such as a lookahead');
    } else {
      this.#at += name?.[0].length ?? 0;
      open = this.#opening();
    }
    const body = this.#sequence(inner);
    if (this.#take() !== ')') throw new Untranslatable('a group is not closed');
    return `${open}${body})`;
  }

  #opening(): string {
    this.#groups++;
    const isSecret = this.#secret === 0 || this.#secret === this.#groups;
    if (!isSecret) return '(?:';
    this.#named++;
    return `(?<secret${this.#named === 1 ? '' : this.#named}>`;
  }

  #repetition(flags: Flags): string {
    const match = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at))?.[0];
    if (match === undefined) return '';
    this.#at += match.length;
    if (!flags.U) return match;
    return match.length > 1 && match.endsWith('?') ? match.slice(0, -1) : `${match}?`;
  }

  #escape(flags: Flags): string {
    const char = this.#take();
    switch (char) {
      case 'A':
        return '^';
      case 'z':
        return '$';
      case 's':
        return `[${SPACE}]`;
      case 'S':
        return `[^${SPACE}]`;
      case 'b':
      case 'B':
      case 'd':
      case 'D':
      case 'w':
      case 'W':
        return `\\${char}`;
      case 'Q':
        return this.#quoted(flags);
      default:
        return literal(this.#escapedChar(char), flags);
    }
  }

  #quoted(flags: Flags): string {
    const end = this.#source.indexOf('\\E', this.#at);
    const text = this.#source.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#source.length : end + 2;
    return [...text].map((char) => literal(char, flags)).join('');
  }

  /** The one character that an escape stands for; the letter after the backslash is taken already. */
  #escapedChar(char: string): string {
    const control = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[char];
    if (control !== undefined) return control;
    const code = char === 'x' ? this.#digits(/^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/, 16) : undefined;
    if (code !== undefined) return String.fromCodePoint(code);
    if (char === '0') return String.fromCharCode(this.#digits(/^([0-7]{0,2})/, 8) ?? 0);
    if (/[A-Za-z0-9]/.test(char)) throw new Untranslatable(`\\${char} has no counterpart over bytes`);
    return char;
  }

  #digits(pattern: RegExp, base: number): number | undefined {
    const match = pattern.exec(this.#source.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return Number.parseInt((match[1] ?? match[2]) || '0', base);
  }

  #class(flags: Flags): string {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at++;
    let body = '';
    for (let first = true; first || this.#source[this.#at] !== ']'; first = false) {
      if (this.#at >= this.#source.length) throw new Untranslatable('a class is not closed');
      body += this.#classItem(flags);
    }
    this.#at++;
    return `[${negated ? '^' : ''}${body}]`;
  }

  #classItem(flags: Flags): string {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(this.#at));
    if (posix !== null) return this.#posix(posix);
    const set = /^\\[dDwWsS]/.exec(this.#source.slice(this.#at))?.[0];
    if (set !== undefined) {
      this.#at += 2;
      return set === '\\s' ? SPACE : set === '\\S' ? NOT_SPACE : set;
    }
    const from = this.#classChar();
    const isRange = this.#source[this.#at] === '-' && (this.#source[this.#at + 1] ?? ']') !== ']';
    if (!isRange) return range(from, from, flags);
    this.#at++;
    return range(from, this.#classChar(), flags);
  }

  #posix(match: RegExpExecArray): string {
    const body = POSIX[match[2]!];
    if (body === undefined) throw new Untranslatable(`no class is called ${match[2]}`);
    this.#at += match[0].length;
    if (match[1] === '') return body;
    const member = new RegExp(`[${body}]`);
    const others = Array.from({ length: 256 }, (_, code) => code).filter(
      (code) => !member.test(String.fromCharCode(code)),
    );
    return others.map(hex).join('');
  }

  #classChar(): string {
    const char = this.#take();
    const one = char === '\\' ? this.#escapedChar(this.#take()) : char;
    if (one > '\x7f') throw new Untranslatable('a letter beyond ASCII in a class: expressions run over bytes');
    return one;
  }

  #take(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    if (this.#at >= this.#source.length) throw new Untranslatable('it ends too early');
    this.#at += char.length;
    return char;
  }
}
