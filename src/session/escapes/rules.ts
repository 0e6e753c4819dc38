// Which escape sequences of the session reach the person's terminal. A terminal is a program outside the sandbox: some
// sequences make it read the clipboard or a file, print, report what stands on the screen, or take a command. Colours,
// cursor, modes, titles, links, notifications and what Claude Code asks of a terminal (OBSERVED 62) pass untouched.
// Sources: xterm's "Control Sequences", and the protocol documents of kitty, iTerm2 and tmux.

/** The kinds of string sequences, named as ECMA-48 does. */
export type StringKind = 'osc' | 'dcs' | 'apc' | 'pm' | 'sos';

/** What becomes of a sequence; `more` asks for further bytes. */
export type Verdict = 'pass' | 'drop' | 'more';

/**
 * Operating system commands that pass: titles (0 1 2), palette and colours (4 5 10-19 21 104 105 110-119), working folder (7),
 * links (8), notifications (9 99 777), pointer shape (22), writing the clipboard (52), text size (66), prompt marks (133), and one that
 * Claude Code asks (7501). Not among them: clipboard and file protocols of kitty (5522 5113), iTerm2's own commands (1337), the
 * log file of xterm (46), Emacs (51), the shell integration of editors (633).
 */
const OSC = new Set([
  ...[0, 1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 52, 66, 99, 104, 105],
  ...[110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 777, 7501],
]);

/** Judges what stands behind the introducer of a string sequence, without control characters, which terminals skip. */
export function judgeString(kind: StringKind, head: string, ended: boolean): Verdict {
  if (kind === 'osc') return judgeOsc(head, ended);
  if (kind === 'apc') return judgeApc(head, ended);
  const verdict = kind === 'dcs' ? judgeDcs(head) : 'drop';
  return verdict === 'more' && ended ? 'drop' : verdict;
}

function judgeOsc(head: string, ended: boolean): Verdict {
  if (/^\d{0,4}$/.test(head) && !ended) return 'more';
  const [, number, rest] = /^(\d{1,4})(?:;(.*))?$/s.exec(head) ?? [];
  if (number === undefined || !OSC.has(Number(number))) return 'drop';
  const unsafe = UNSAFE.get(Number(number));
  if (unsafe === undefined) return 'pass';
  if (!ended && !unsafe.enough.test(rest ?? '')) return 'more';
  return unsafe.passes.test(rest ?? '') ? 'pass' : 'drop';
}

/** Commands of which only some forms pass, by what stands behind the number; `enough` of it decides. */
const UNSAFE = new Map<number, { enough: RegExp; passes: RegExp }>([
  // Notifications; in ConEmu a leading number is a command of its own, of which only progress is wanted (4).
  [9, { enough: /^\d*[^\d]/, passes: /^(?!\d+(?:;|$))|^4(?:;|$)/ }],
  // The clipboard may be written (that is how a copy leaves a remote shell), never asked for.
  [52, { enough: /^[^;]*;./, passes: /^[^;]*;[^?]/ }],
  // rxvt hands the rest to an extension that the first word names.
  [777, { enough: /^[^;]*;/, passes: /^notify;/ }],
]);

/** Passing: queries of settings and capabilities, sixel pictures, synchronized output. Not: programmable keys, fonts, tmux's control mode. */
function judgeDcs(head: string): Verdict {
  if (/^(?:[0-9;]*q|\$q|\+q|=[12]s)/.test(head)) return 'pass';
  const may = /^(?:[0-9;]{0,24}|\$|\+|=[12]?)$/.test(head) || 'tmux;'.startsWith(head);
  return may ? 'more' : 'drop';
}

/** kitty's pictures, when they are sent and not named: with a path the terminal would read, and remove, a file of the host. */
function judgeApc(head: string, ended: boolean): Verdict {
  if (head !== '' && !head.startsWith('G')) return 'drop';
  if (!ended && !head.includes(';')) return 'more';
  const keys = (head.slice(1).split(';')[0] ?? '').split(',');
  return keys.some((key) => key.startsWith('t=') && key !== 't=d') ? 'drop' : 'pass';
}

/** Judges a short escape: `ESC % @` takes the terminal out of UTF-8, after which the same bytes mean other things. */
export function judgeEscape(body: string): Verdict {
  return body.startsWith('%') && !body.endsWith('G') ? 'drop' : 'pass';
}

/** Judges a control sequence by its parameters, intermediates and final byte, `[` first. */
export function judgeCsi(body: string): Verdict {
  const final = body.at(-1);
  // Reports of the title and the label: text that anyone can set comes back as if it were typed.
  if (final === 't') return /^\[0*2[01](?![0-9])/.test(body) ? 'drop' : 'pass';
  // Media copy: the screen goes to a printer, or to the program that is set up as one.
  if (final === 'i') return 'drop';
  // The checksum of a rectangle tells what stands on the screen, cell by cell.
  if (final === 'y' && body.includes('*')) return 'drop';
  return /^\[\?(?:.*;)?0*5522(?:;.*)?h$/.test(body) ? 'drop' : 'pass';
}
