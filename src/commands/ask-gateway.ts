// What the gateway cannot decide alone: a host that policy does not name, a picture whose content nobody can scan.
import type { GatewayOptions, GatewayQuestion } from '../gateway/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Stage } from '../session/index.ts';
import { askRead, type ReadQuestion, type Terminal } from '../tui/index.ts';

/** Makes the gateway's question; undefined when nobody can be asked: then the answer is no. */
export function createAskGateway(terminal: Terminal | undefined, stage: Stage, ledger: Ledger): GatewayOptions['ask'] {
  if (terminal === undefined) return undefined;
  return async (asked) => {
    const question = questionOf(asked);
    const given = await stage.interrupt(() => askRead(question, terminal));
    const answer = given === 'once' || given === 'session' ? given : 'no';
    ledger.append({ kind: 'decision', question: asked.what, path: question.path, answer, by: 'person' });
    return answer;
  };
}

function questionOf(asked: GatewayQuestion): ReadQuestion {
  const base = { asker: 'a program in the session', content: '', findings: undefined };
  if (asked.what === 'image') {
    const because = 'images: ask, what a picture shows cannot be scanned';
    return { ...base, wants: 'send a picture', path: asked.type, bytes: asked.bytes, because };
  }
  const { host, method, path } = asked;
  return {
    ...base,
    wants: 'reach a host',
    path: `${method} https://${host}${path}`,
    bytes: 0,
    because: 'network.allow, which does not name it',
  };
}
