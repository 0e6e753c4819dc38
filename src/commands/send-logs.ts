import { Refusal } from '../errors/index.ts';

/**
 * Sends bodies to a collector, one after the other.
 * @param endpoint base URL as in OTEL_EXPORTER_OTLP_ENDPOINT; `/v1/logs` is added
 * @param headers `name=value,name=value`, percent-encoded, as in OTEL_EXPORTER_OTLP_HEADERS
 * @throws Refusal `ledger.send`, without what the collector said: it may repeat a header
 */
export async function sendLogs(
  endpoint: string,
  headers: string | undefined,
  bodies: readonly object[],
): Promise<void> {
  const url = logsUrl(endpoint);
  for (const body of bodies) {
    const status = await post(url, headersOf(headers), JSON.stringify(body));
    if (status !== 200)
      throw new Refusal('ledger.send', {
        host: url.host,
        why: status === undefined ? 'no answer' : `status ${status}`,
      });
  }
}

function logsUrl(endpoint: string): URL {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new Refusal('ledger.send', { host: 'the collector', why: 'its address is not an http or https URL' });
  }
  return new URL(`${endpoint.replace(/\/+$/, '')}/v1/logs`);
}

function headersOf(text = ''): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const];
  });
  return { 'content-type': 'application/json', ...Object.fromEntries(pairs) };
}

async function post(url: URL, headers: Record<string, string>, body: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(30_000);
    return (await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal })).status;
  } catch {
    // Not reachable, too slow, or it sent us elsewhere: the caller names the host.
    return undefined;
  }
}
