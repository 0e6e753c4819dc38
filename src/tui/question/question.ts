// The question that a read of a file under *ask* opens.

/** What the person is asked about. */
export interface ReadQuestion {
  readonly path: string;
  /** The pattern or rule that withholds it, and where that stands. */
  readonly because: string;
  readonly bytes: number;
  /** SHA-256 (hex) of the content that is asked about. */
  readonly content: string;
  /** What is wanted when it is no read: `reach a host`, `send a picture`. Then nothing is remembered for good. */
  readonly wants?: string;
  /** Who wants to read: `Read`, `Grep`, `a mention in the prompt`, `Bash`, and the subagent if it is one. */
  readonly asker: string;
  /** What redaction would find, by rule id; undefined when the content cannot be scanned. */
  readonly findings: Readonly<Record<string, number>> | undefined;
  /** The first lines of what redaction leaves; redacted already. */
  readonly preview?: readonly string[];
}

/**
 * `once`: this read; `session`: every read of it in this session; `always`: this content, in later sessions too;
 * `redacted`: this session, with secrets redacted; `no`.
 */
export type ReadAnswer = 'once' | 'session' | 'always' | 'redacted' | 'no';

export interface ReadChoice {
  readonly key: string;
  readonly answer: ReadAnswer;
  readonly says: string;
}

/** The answers, with their keys; the careful ones first. */
export const READ_CHOICES: readonly ReadChoice[] = [
  { key: 'n', answer: 'no', says: 'no' },
  { key: 'r', answer: 'redacted', says: 'redacted only, this session' },
  { key: 'o', answer: 'once', says: 'once' },
  { key: 's', answer: 'session', says: 'this session' },
  { key: 'a', answer: 'always', says: 'always for this content' },
];

/** The answers to one question: to anything but a read, only those that make sense. */
export function choicesOf({ wants }: Pick<ReadQuestion, 'wants'>): readonly ReadChoice[] {
  if (wants === undefined) return READ_CHOICES;
  return READ_CHOICES.filter(({ answer }) => answer === 'no' || answer === 'once' || answer === 'session');
}

/** Who asks; the path stands on a line of its own. */
export function headline({ asker, wants = 'read' }: ReadQuestion): string {
  return `sotto: ${asker} wants to ${wants}`;
}

/** Facts under the headline, a line each. */
export function facts({ because, bytes, findings, wants }: ReadQuestion): string[] {
  if (wants !== undefined) return [`asked because of ${because}`, ...(bytes > 0 ? [sizeOf(bytes)] : [])];
  const rules = Object.entries(findings ?? {}).map(([rule, count]) => `${count} x ${rule}`);
  const redaction =
    findings === undefined
      ? 'cannot be scanned for secrets'
      : rules.length === 0
        ? 'no secret was found in it'
        : `would be redacted: ${rules.join(', ')}`;
  return [`asked because of ${because}`, `${sizeOf(bytes)}, ${redaction}`];
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
