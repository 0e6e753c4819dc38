// What an organisation manages on the provider's server: asked for before a session, in force as it was then, and asked for again
// at the end where there was something, so that a change is told and never applied in between.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clientFolder, readManagedSettings } from '../account/index.ts';
import { fetchServerSettings, openUpstream, PROVIDER, SERVER_SETTINGS, type ServerSettings } from '../gateway/index.ts';
import type { HostEnvironment } from '../host/index.ts';
import type { Ledger, LedgerEvent } from '../ledger/index.ts';
import type { Prepared } from './prepare.ts';

type Asked = Pick<Prepared, 'upstream' | 'credential' | 'proxyFor' | 'program'>;

/** Throws `gateway.settings` when they cannot be known although they were in force before. */
export async function askServer(host: HostEnvironment, asked: Asked): Promise<ServerSettings | undefined> {
  try {
    return await ask(asked);
  } catch (error) {
    const kept = join(clientFolder({ env: host.variables, home: host.home }), 'remote-settings.json');
    if (existsSync(kept) || readManagedSettings().forceRemoteSettingsRefresh === true) throw error;
    return undefined;
  }
}

async function ask({ upstream: url, credential, proxyFor, program }: Asked): Promise<ServerSettings | undefined> {
  if (!isAsked({ upstream: url })) return undefined;
  const upstream = openUpstream(url, false, proxyFor);
  try {
    return await fetchServerSettings({ upstream, credential, version: program.version });
  } finally {
    await upstream.close();
  }
}

/** Only the provider itself is asked, as Claude Code does. */
export function isAsked({ upstream }: Pick<Prepared, 'upstream'>): boolean {
  return upstream.hostname === PROVIDER && upstream.protocol === 'https:';
}

/** The line of the ledger for one asking. */
export function askedEvent({ upstream }: Pick<Prepared, 'upstream'>): LedgerEvent {
  const place = { host: upstream.host, method: 'GET', path: SERVER_SETTINGS };
  return { kind: 'request', ...place, verdict: 'forward', bytes: 0, findings: {} };
}

/** After a session: the hash of what the server has now, where that is not what the session had; recorded. */
export async function changedSettings(plan: Prepared, ledger: Pick<Ledger, 'append'>): Promise<string | undefined> {
  const { serverSettings: before } = plan;
  if (before === undefined) return undefined;
  ledger.append(askedEvent(plan));
  // What cannot be known is no change; the next start asks again.
  const now = await ask(plan).catch(() => before);
  if (now?.sha256 === before.sha256) return undefined;
  const sha256 = now?.sha256 ?? 'none';
  ledger.append({ kind: 'server-settings', sha256 });
  return sha256;
}
