// Programs inside reach a host that policy names, each in its own way: through the gateway, trusting the session's authority by
// the variable or the file that the program reads. Which of them are on this machine is found out inside.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Internet, openInternet, PROXY_PORT } from '../support/internet.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const HOST = 'registry.example.com';
const OPAQUE = 'opaque.example.com';

const JAVA = `public class Fetch {
  public static void main(String[] a) throws Exception {
    System.out.println(((java.net.HttpURLConnection) new java.net.URL(a[0]).openConnection()).getResponseCode());
  }
}
`;
const MAVEN = `<settings><localRepository>/tmp/m2</localRepository><mirrors><mirror><id>m</id><mirrorOf>*</mirrorOf>
<url>https://${HOST}/from/mvn</url></mirror></mirrors></settings>
`;

/** How each asks for a page of its own. */
const TOOLS: Readonly<Record<string, string>> = {
  curl: 'curl -sS URL',
  wget: 'wget -qO- URL',
  git: 'git ls-remote URL',
  python3: `python3 -c 'import urllib.request; urllib.request.urlopen("URL")'`,
  pip: 'pip download --no-cache-dir --retries 0 --index-url URL made-up-package',
  npm: 'npm view made-up-package --registry URL --fetch-retries 0',
  cargo: 'CARGO_REGISTRIES_MINE_INDEX=sparse+URL/ cargo search made-up --registry mine',
  java: 'java /tmp/Fetch.java URL',
  mvn: 'mvn -q -B -s /tmp/settings.xml made.up:plugin:1:run',
  go: 'GOPROXY=URL GONOSUMDB=* GOFLAGS=-mod=mod go list -m example.com/made/up@v1.0.0',
  deno: 'deno eval \'await fetch("URL")\'',
  bun: 'bun -e \'await fetch("URL")\'',
  ruby: `ruby -ropen-uri -e 'URI.open("URL")'`,
  php: `php -r 'file_get_contents("URL");'`,
};

let world: World;
let internet: Internet;
let registry: Server;
let arrived: string[] = [];
beforeEach(async () => {
  arrived = [];
  world = await makeWorld({ 'Fetch.java': JAVA, 'settings.xml': MAVEN });
  registry = createServer((request, response) => {
    arrived.push(`${request.headers.host} ${request.url}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const hosts = { 'api.anthropic.com': world.standIn.url, [HOST]: url, [OPAQUE]: url };
  internet = await openInternet(join(world.folder, 'internet'), hosts);
  const { SOTTO_UPSTREAM: _, ...env } = world.env;
  world.env = { ...env, NODE_EXTRA_CA_CERTS: internet.authority };
  mkdirSync(join(world.home, '.config/sotto'), { recursive: true });
  const allow = [
    { host: HOST, reason: 'test', methods: ['GET', 'HEAD'] },
    { host: OPAQUE, reason: 'test', opaque: true },
  ];
  writeFileSync(join(world.home, '.config/sotto/policy.yaml'), JSON.stringify({ network: { allow } }));
});
afterEach(async () => {
  internet.close();
  registry.closeAllConnections();
  registry.close();
  await world.close();
});

/** The programs of a toolchain beside its shims, which would look for it in a home that is another here. */
function toolchain(): string {
  const found = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' });
  return found.status === 0 ? `${found.stdout.trim()}/bin:` : '';
}

async function inside(command: string): Promise<void> {
  world.standIn.script([[{ tool: 'Bash', input: { command, timeout: 100_000 } }], [{ text: 'done' }]]);
  const own = [BIN, 'claude', '-p', 'fetch', '--allowedTools', 'Bash'];
  const { file, args } = internet.wrap(world.project, process.execPath, own);
  expect(await sotto(world, args, '', { file })).toMatchObject({ code: 0, stdout: 'done\n' });
}

const pathOf = (tool: string) => `/from/${tool}`;

describe('a host that policy names', () => {
  it('is reached by each program that is there', async () => {
    world.env.PATH = `${toolchain()}/usr/local/bin:/usr/bin:/bin`;
    const names = Object.keys(TOOLS);
    const commands = names.map((tool) => {
      const run = TOOLS[tool]?.replaceAll('URL', `https://${HOST}${pathOf(tool)}`);
      return `if ${tool} --version >/dev/null 2>&1; then echo "has-${tool}-$((40 + 2))"; timeout 30 sh -c ${quote(run ?? '')}; fi`;
    });
    await inside(['cp Fetch.java settings.xml /tmp', ...commands].join('\n'));
    const present = names.filter((tool) => sent(world, `has-${tool}-42`) > 0);
    expect(present).toEqual(expect.arrayContaining(['curl', 'git']));
    const reached = names.filter((tool) => arrived.some((request) => request.startsWith(`${HOST} ${pathOf(tool)}`)));
    expect(reached).toEqual(present);
  });

  it('is tunnelled unopened where policy says so: the program sees its own certificate', async () => {
    const authority = world.write('ca.pem', readFileSync(internet.authority));
    await inside(`curl -sS --cacert ${authority} https://${OPAQUE}/from/curl`);
    expect(arrived).toEqual([`${OPAQUE} /from/curl`]);
  });
});

describe('a machine behind a proxy', () => {
  const PASSWORD = ['made', 'up', 'proxy', 'word'].join('-');

  it('sends everything through it, and its user and password stay outside', async () => {
    world.env.HTTPS_PROXY = `http://ada:${PASSWORD}@10.1.2.3:${PROXY_PORT}`;
    await inside(
      `env; cat ~/.claude/settings.json /etc/claude-code/*; curl -sS https://${HOST}/from/curl; curl -sSk https://${OPAQUE}/`,
    );
    expect(new Set(internet.proxied)).toEqual(
      new Set(['api.anthropic.com', HOST, OPAQUE].map((host) => `ada ${host}:443`)),
    );
    expect(arrived).toEqual([`${HOST} /from/curl`, `${OPAQUE} /`]);
    // The provider is a name for the proxy to look up; what policy names is looked up here too, for private addresses.
    expect(new Set(internet.asked)).toEqual(new Set([HOST, OPAQUE]));
    expect(sent(world, 'HTTPS_PROXY')).toBeGreaterThan(0);
    expect(sent(world, PASSWORD)).toBe(0);
  });

  it('goes straight where NO_PROXY says so', async () => {
    world.env.HTTPS_PROXY = `http://ada:${PASSWORD}@10.1.2.3:${PROXY_PORT}`;
    world.env.NO_PROXY = '.anthropic.com';
    await inside('true');
    expect([internet.proxied, new Set(internet.reached)]).toEqual([[], new Set(['api.anthropic.com'])]);
  });

  it('says why when the proxy wants a user', async () => {
    world.env.HTTPS_PROXY = `http://10.1.2.3:${PROXY_PORT}`;
    const on = screenOf();
    await on.until((text) => /gave no tunnel \(status 407\)/.test(text), 'the reason');
    on.kill();
    expect(world.standIn.received).toEqual([]);
  });
});

function screenOf(): Screen {
  const { file, args } = internet.wrap(world.project, process.execPath, [BIN, 'claude', '--', 'hello']);
  return openScreen(file, args, { cwd: world.project, env: world.env });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
