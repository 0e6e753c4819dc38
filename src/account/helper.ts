// `apiKeyHelper`: a shell command of the person's or the organisation's settings that prints a key. It runs outside, as it would
// without sotto; what it prints is kept in memory for as long as Claude Code would keep it.
import { Refusal } from '../errors/index.ts';
import type { run } from '../host/index.ts';
import type { Credential, CredentialSource } from './account.ts';
import type { Environment } from './client-files.ts';
import { credentialOf } from './token.ts';

/** Claude Code's default, unless `CLAUDE_CODE_API_KEY_HELPER_TTL_MS` says otherwise. */
const KEPT_MS = 5 * 60_000;
/** A helper may ask for a finger on a key. */
const PATIENCE_MS = 60_000;

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
  return {
    kind: 'api-key-helper',
    read() {
      if (running === undefined || input.now() - since >= keptMs) {
        since = input.now();
        running = runHelper(input).catch((error: unknown) => {
          // What failed is asked again at the next request.
          running = undefined;
          throw error;
        });
      }
      return running;
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
