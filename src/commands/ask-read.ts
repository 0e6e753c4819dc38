// A withheld file was read inside: the person is asked, the answer is recorded, and if it is a yes the file comes in,
// scanned and redacted like every other. What the model gets in place of the stub are words that it can act on.
import type { GatewayOptions } from '../gateway/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { answerForGood, answersOf, createPathRules, type LoadInput, type Policy } from '../policy/index.ts';
import type { Stage } from '../session/index.ts';
import { askRead, createAsker, type ReadQuestion, sayToModel, type Terminal } from '../tui/index.ts';
import type { Workspace } from '../workspace/index.ts';

export interface AskReadInput {
  place: LoadInput;
  policy: Policy;
  workspace: Workspace;
  ledger: Ledger;
  /** Undefined when nobody can be asked: then the answer is no. */
  terminal: Terminal | undefined;
  stage: Stage;
}

/** How long a file stays in that was allowed *once*, in ms: time for the read that asked for it, not for the next task. */
const ONCE_MS = 60_000;

/** Lines of the redacted file that the question shows. */
const PREVIEW_LINES = 6;

/** Makes the gateway's question about withheld files. */
export async function createAskRead(input: AskReadInput): Promise<NonNullable<GatewayOptions['withheld']>> {
  const { place, workspace, ledger, terminal, stage } = input;
  const asker = createAsker({
    show: terminal && ((question) => stage.interrupt(() => askRead(question, terminal))),
    remembered: await answersOf(place),
    remember: (content, answer) => answerForGood(place, content, answer),
    now: Date.now,
  });
  return async (number, reader) => {
    const path = workspace.withheldAs(number);
    if (path === undefined) return undefined;
    const about = questionAbout(path, input);
    if (about === undefined) return undefined; // gone, or no file any more: the stub says so
    const question = { ...about, asker: reader };
    const decided = await asker.decide(question);
    const by = decided.by === 'asked' ? 'person' : 'policy';
    ledger.append({ kind: 'decision', question: 'read', path, rule: question.because, answer: decided.answer, by });
    if (decided.answer === 'no') return sayToModel(path, decided);
    await workspace.admit(path);
    if (workspace.snapshot.get(path)?.kind !== 'file') return undefined; // its content alone withholds it: the stub says so
    if (decided.answer === 'once') setTimeout(() => void workspace.withdraw(path), ONCE_MS).unref();
    return sayToModel(path, decided);
  };
}

function questionAbout(path: string, { workspace, policy }: AskReadInput): Omit<ReadQuestion, 'asker'> | undefined {
  const considered = workspace.consider(path);
  if (considered === undefined) return undefined;
  const { bytes, content, text } = considered;
  const { pattern, source } = createPathRules(policy).decide(path, false);
  const preview = text && Buffer.from(text.redacted).toString('utf8').split('\n', PREVIEW_LINES);
  return {
    path,
    because: `${pattern} in ${source}`,
    bytes,
    content,
    findings: text?.findings,
    ...(preview && { preview }),
  };
}
