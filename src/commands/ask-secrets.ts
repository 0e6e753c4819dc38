// A placeholder of another file's secret came to stand in a file, and policy says `writeback.foreign: ask`: may the secret itself
// stand there? Asked once for each file, and only while the session runs; the answer holds until its end.
import type { Ledger } from '../ledger/index.ts';
import type { ReadAnswer, ReadQuestion } from '../tui/index.ts';
import type { Writeback, WritebackEvent } from '../writeback/index.ts';

export interface AskSecretsInput {
  /** Policy `writeback.foreign`. */
  foreign: 'leave' | 'ask' | 'restore';
  /** Undefined when nobody can be asked: then placeholders stay. */
  show: ((question: ReadQuestion) => Promise<ReadAnswer>) | undefined;
  ledger: Pick<Ledger, 'append'>;
}

export interface AskSecrets {
  onEvent(event: WritebackEvent): void;
  /** From here on questions are asked. */
  begin(writeback: Pick<Writeback, 'allow'>): void;
  /** The session's screen is gone. */
  end(): void;
}

export function createAskSecrets({ foreign, show, ledger }: AskSecretsInput): AskSecrets {
  const asked = new Set<string>();
  let writeback: Pick<Writeback, 'allow'> | undefined;

  async function ask(path: string): Promise<void> {
    const answer = await show?.(questionAbout(path));
    const isYes = answer === 'once' || answer === 'session';
    const question = 'write a secret';
    ledger.append({ kind: 'decision', question, path, answer: isYes ? answer : 'no', by: 'person' });
    if (isYes) await writeback?.allow(path, 'secrets');
  }

  return {
    onEvent(event) {
      const isForeign = event.event === 'problem' && event.code === 'writeback.foreign-placeholder';
      if (!isForeign || foreign !== 'ask' || show === undefined || writeback === undefined) return;
      if (asked.has(event.path)) return;
      asked.add(event.path);
      // Whatever the answer comes to, the write-back does not wait for it; without one the placeholder stays, and is told.
      ask(event.path).catch(() => undefined);
    },
    begin(started) {
      writeback = started;
    },
    end() {
      writeback = undefined;
    },
  };
}

function questionAbout(path: string): ReadQuestion {
  return {
    path,
    wants: 'have the secret of another file written into',
    because: 'writeback.foreign: ask',
    bytes: 0,
    content: '',
    asker: 'an edit of the session',
    findings: undefined,
  };
}
