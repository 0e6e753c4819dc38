import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReportOptions, report } from '../../src/commands/report.ts';
import { createPaint } from '../../src/host/index.ts';
import { ledgerFolder, openLedger } from '../../src/ledger/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function record(session: string, when = Date.now()) {
  const ledger = openLedger({ folder: ledgerFolder({ env: {}, home }), session });
  ledger.append({ kind: 'refused', host: 'evil.example', method: 'GET', path: '/', code: 'gateway.route', bytes: 0 });
  ledger.close();
  utimesSync(ledger.path, when / 1000, when / 1000);
  return ledger.path;
}

async function run(session: string | undefined, options: ReportOptions = {}, variables: Record<string, string> = {}) {
  let out = '';
  const io = { out: (text: string) => (out += text), err: () => {}, terminal: false };
  const status = await report({ home, variables }, session, options, io, createPaint({}, {}));
  return { status, out };
}

describe('sotto report', () => {
  it('shows the newest session, or the one whose name begins so', async () => {
    record('aaa-1', Date.now() - 10_000);
    record('bbb-2');
    expect((await run(undefined)).out).toContain('session bbb-2');
    expect((await run('aaa')).out).toContain('session aaa-1');
    expect((await run('aaa')).out).toContain('1 x GET evil.example/ [gateway.route]');
  });

  it.each(['nobody', '../aaa', ''])('refuses a session that is not there or not one: %j', async (name) => {
    record('aaa-1');
    record('aaa-2');
    await expect(run(name)).rejects.toMatchObject({ code: 'ledger.not-found', exit: 2 });
  });

  it('gives the same as data', async () => {
    record('aaa');
    expect(JSON.parse((await run('aaa', { json: true })).out)).toMatchObject({
      session: 'aaa',
      wire: { requests: 1 },
      verification: { closed: true },
    });
    expect((await run('aaa', { html: true })).out).toMatch(/^<!doctype html>/);
    expect(JSON.parse((await run(undefined, { list: true, json: true })).out)).toHaveLength(1);
  });

  it('checks every ledger and fails when one was changed', async () => {
    record('aaa');
    const path = record('bbb');
    expect(await run(undefined, { check: true })).toMatchObject({ status: 0 });
    writeFileSync(path, readFileSync(path, 'utf8').replace('evil.example', 'good.example'));
    const { status, out } = await run(undefined, { check: true });
    expect(status).toBe(1);
    expect(out).toMatch(/bbb: NOT WHOLE: line 2/);
    expect((await run('aaa', { check: true })).status).toBe(0);
  });

  it('checks against the key of another installation, which that one prints', async () => {
    const path = record('aaa');
    const key = (await run(undefined, { publicKey: true })).out.trim();
    rmSync(join(path, '../../key'));
    expect((await run('aaa', { check: true })).status).toBe(1);
    expect((await run('aaa', { check: true, key })).status).toBe(0);
  });

  it('removes whole old ledgers, and only those', async () => {
    record('old', Date.now() - 40 * 86_400_000);
    record('new');
    expect((await run(undefined, { prune: 30 })).out).toContain('removed 1 ledger older');
    expect(
      JSON.parse((await run(undefined, { list: true, json: true })).out).map((one: { session: string }) => one.session),
    ).toEqual(['new']);
  });

  it('lists nothing where nothing was recorded', async () => {
    expect(await run(undefined, { list: true })).toEqual({ status: 0, out: '' });
    await expect(run(undefined)).rejects.toMatchObject({ code: 'ledger.not-found' });
  });

  it('sends every line to a collector, with the headers it is told, and what verification found', async () => {
    record('aaa');
    const seen: { url: string | undefined; token: unknown; body: string }[] = [];
    const url = await collector((request, body) => {
      seen.push({ url: request.url, token: request.headers['x-token'], body });
      return 200;
    });
    const { out } = await run('aaa', { otlp: `${url}/` }, { OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20b' });
    expect(out).toBe('sent 3 lines of aaa\n');
    expect(seen).toMatchObject([{ url: '/v1/logs', token: 'a b' }]);
    const [resource] = JSON.parse(seen[0]!.body).resourceLogs;
    expect(resource.resource.attributes).toContainEqual({ key: 'sotto.ledger.whole', value: { boolValue: true } });
    const records = resource.scopeLogs[0].logRecords;
    expect(records.map((one: { body: { stringValue: string } }) => one.body.stringValue)).toEqual([
      'ledger.open',
      'refused',
      'ledger.close',
    ]);
    expect(records[1]).toMatchObject({ severityNumber: 13, timeUnixNano: expect.stringMatching(/^\d{19}$/) });
    expect(records[1].attributes).toContainEqual({ key: 'sotto.host', value: { stringValue: 'evil.example' } });
    expect(records[1].attributes).toContainEqual({ key: 'sotto.seq', value: { intValue: '1' } });
  });

  it('sends a long ledger in parts, in order', async () => {
    const ledger = openLedger({ folder: ledgerFolder({ env: {}, home }), session: 'long' });
    for (let i = 0; i < 700; i++) ledger.append({ kind: 'request' });
    ledger.close();
    const sizes: number[] = [];
    const url = await collector((_, body) => {
      sizes.push(JSON.parse(body).resourceLogs[0].scopeLogs[0].logRecords.length);
      return 200;
    });
    await run('long', { otlp: url });
    expect(sizes).toEqual([500, 202]);
  });

  it('refuses when the collector does not take it, or sends it elsewhere', async () => {
    record('aaa');
    const wrong = await collector(() => 401);
    await expect(run('aaa', { otlp: wrong })).rejects.toMatchObject({
      code: 'ledger.send',
      args: { why: 'status 401' },
    });
    const elsewhere = await collector(() => 307);
    await expect(run('aaa', { otlp: elsewhere })).rejects.toMatchObject({ code: 'ledger.send' });
    await expect(run('aaa', { otlp: 'file:///etc' })).rejects.toMatchObject({ code: 'ledger.send' });
  });
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A collector on loopback that answers with the status it is told; gives its base URL. */
async function collector(take: (request: IncomingMessage, body: string) => number): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    response.writeHead(take(request, Buffer.concat(chunks).toString()), { location: '/' }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
