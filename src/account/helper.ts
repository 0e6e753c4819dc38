// `apiKeyHelper`: a shell command of the person's or the organisation's settings that prints a key. It runs outside, as it would
// without sotto; what it prints is kept in memory for as long as Claude Code would keep it.
import { Refusal } from '../errors/index.ts';
import type { run } from '../host/index.ts';
import type { Credential, CredentialSource } from './account.ts';
import type { Environment } from './client-files.ts';
import { credentialOf, isSame } from './token.ts';

/** Claude Code's default, unless `CLAUDE_CODE_API_KEY_HELPER_TTL_MS` says otherwise. */
const KEPT_MS = 5 * 60_000;
/** A helper may ask for a finger on a key. */
const PATIENCE_MS = 60_000;
/** The client tries again by itself; a helper that has nothing better is not run again for each of its tries, in ms. */
const PAUSE_MS = 10_000;

interface HelperInput {
  command: string;
  env: Environment;
  run: typeof run;
  now: () => number;
}

export function helperSource(input: HelperInput): CredentialSource {
  const given = Number(input.env.CLAUDE_CODE_API_KEY_HELPER_TTL_MS);
  const keptMs = given > 0 ? given : KEPT_MS;
  let running: Promise<Credential> | undefined;
  let since = 0;
  let renewed = -PAUSE_MS;
  const again = () => {
    since = input.now();
    const run = runHelper(input).catch((error: unknown) => {
      // What failed is asked again at the next request.
      if (running === run) running = undefined;
      throw error;
    });
    running = run;
    return run;
  };
  const read = () => (running === undefined || input.now() - since >= keptMs ? again() : running);
  return {
    kind: 'api-key-helper',
    read,
    async renew(refused) {
      const current = await read();
      if (!isSame(current, refused)) return current;
      if (input.now() - renewed >= PAUSE_MS) {
        renewed = input.now();
        running = undefined;
      }
      // Requests side by side are refused side by side: one run stands for all of them.
      const next = await read();
      return isSame(next, refused) ? undefined : next;
    },
  };
}

async function runHelper(input: HelperInput): Promise<Credential> {
  const env = Object.fromEntries(
    Object.entries(input.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const result = await input.run('/bin/sh', ['-c', input.command], { env, timeoutMs: PATIENCE_MS });
  // Its output stays out of the message: it may be half a key.
  if (result.exitCode !== 0) throw new Refusal('account.helper', { status: result.exitCode });
  return credentialOf('api-key-helper', result.stdout, 'apiKeyHelper');
}
