// What an organisation manages on the provider's server. With a base URL of its own Claude Code does not ask for it (OBSERVED 27), so it is
// asked for here, once, before the start, and laid in as managed settings: it stays as it is until the session ends.
import { createHash } from 'node:crypto';
import { type CredentialSource, isObject, OAUTH_BETA, type Settings } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import type { Upstream } from './upstream.ts';

/** An organisation's settings as the server gave them. */
export interface ServerSettings {
  settings: Settings;
  /** SHA-256 of them as JSON. */
  sha256: string;
}

export interface ServerSettingsInput {
  upstream: Pick<Upstream, 'origin' | 'prefix' | 'isProvider' | 'dispatcher'>;
  credential: CredentialSource;
  /** Version of Claude Code, for which the settings are. */
  version: string;
}

/** Where Claude Code asks (read in 2.1.330). */
export const SERVER_SETTINGS = '/api/claude_code/settings';
const PATIENCE_MS = 10_000;
const MOST_BYTES = 2 * 1024 * 1024;
/** The account has none: nothing is set, nobody manages it, or its credential is not of the kind that may ask. */
const NONE = new Set([204, 401, 403, 404, 405, 410]);

/**
 * Asks once; undefined when nothing is managed there, or where requests go to another upstream than the provider.
 * Throws `gateway.settings` when it cannot be known: the caller decides whether to go on without.
 */
export async function fetchServerSettings(input: ServerSettingsInput): Promise<ServerSettings | undefined> {
  const { upstream, credential, version } = input;
  if (!upstream.isProvider) return undefined;
  const { headers, oauth } = await credential.read();
  const answer = await upstream.dispatcher
    .request({
      origin: upstream.origin,
      path: `${upstream.prefix}${SERVER_SETTINGS}`,
      method: 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': `claude-cli/${version} (external, cli)`,
        ...(oauth ? { 'anthropic-beta': OAUTH_BETA } : {}),
        ...headers,
      },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    .catch((cause: unknown) => {
      throw cause instanceof Refusal ? cause : new Refusal('gateway.settings', { why: 'no answer' }, { cause });
    });
  if (NONE.has(answer.statusCode)) {
    await answer.body.dump();
    return undefined;
  }
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    throw new Refusal('gateway.settings', { why: `status ${answer.statusCode}` });
  }
  return read(await textOf(answer.body));
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Refusal('gateway.settings', { why: 'larger than 2 MB' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function read(text: string): ServerSettings | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('gateway.settings', { why: 'not JSON' });
  }
  const settings = isObject(value) ? value.settings : undefined;
  if (!isObject(settings)) throw new Refusal('gateway.settings', { why: 'not in the form that is known' });
  if (Object.keys(settings).length === 0) return undefined;
  return { settings, sha256: createHash('sha256').update(JSON.stringify(settings)).digest('hex') };
}
