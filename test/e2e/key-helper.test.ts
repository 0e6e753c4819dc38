// A key helper of the person's settings: it runs outside, again when the provider refuses its key, and what it prints
// stands in the one header of each request and nowhere else.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, failWith, openFront } from '../support/front.ts';
import { makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const KEYS = ['first', 'second'].map((name) => ['made', 'up', 'key', name, '0123456789'].join('-')) as [string, string];

let world: World;
let front: Front;
let keyFile: string;
beforeEach(async () => {
  world = await makeWorld({ 'a.txt': 'a\n' });
  front = await openFront(world.standIn.url);
  world.env.SOTTO_UPSTREAM = front.url;
  delete world.env.ANTHROPIC_API_KEY;
  mkdirSync(join(world.home, '.claude'));
  keyFile = join(world.folder, 'key');
  writeFileSync(keyFile, KEYS[0]);
  const apiKeyHelper = `printf x >> ${world.folder}/runs; cat ${keyFile}`;
  writeFileSync(join(world.home, '.claude/settings.json'), JSON.stringify({ apiKeyHelper }));
});
afterEach(async () => {
  await front.leave();
  await world.close();
});

const LOOK = 'env; cat ~/.claude/settings.json ~/.claude.json /etc/claude-code/*; cat /proc/*/environ | tr "\\0" "\\n"';

/** Files of the person's home in which a key stands. */
function filesWith(key: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path, 'latin1').includes(key));
}

describe('apiKeyHelper', () => {
  it('runs again when its key is refused, and its keys stand in headers to the provider alone', async () => {
    world.standIn.script([
      [{ tool: 'Bash', input: { command: LOOK } }],
      async () => {
        writeFileSync(keyFile, KEYS[1]);
        const invalid = failWith(401, 'authentication_error', 'invalid x-api-key');
        front.fail((request) => (request.headers['x-api-key'] === KEYS[0] ? invalid(request) : undefined));
        return [{ tool: 'Bash', input: { command: 'echo again' } }];
      },
      [{ text: 'done' }],
    ]);
    const done = await sotto(world, ['claude', '-p', 'look', '--allowedTools', 'Bash']);
    expect(done).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(readFileSync(join(world.folder, 'runs'), 'utf8')).toBe('xx');
    const inHeaders = world.standIn.received.flatMap(({ headers }) => headers.filter((value) => KEYS.includes(value)));
    expect(new Set(inHeaders)).toEqual(new Set(KEYS));
    for (const key of KEYS) {
      // x-api-key and Authorization of each request, and no other place.
      const requests = inHeaders.filter((value) => value === key).length;
      expect(sent(world, key)).toBe(2 * requests);
      expect(done.stdout + done.stderr).not.toContain(key);
      expect(filesWith(key, world.home)).toEqual([]);
    }
    expect(sent(world, 'ANTHROPIC_BASE_URL')).toBeGreaterThan(0);
  });

  it('says that it failed, without what it printed, and the next request runs it again', async () => {
    const settings = { apiKeyHelper: `cat ${keyFile}; exit 7` };
    writeFileSync(join(world.home, '.claude/settings.json'), JSON.stringify(settings));
    const done = await sotto(world, ['claude', '-p', 'look']);
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('apiKeyHelper ended with status 7');
    expect(done.stdout + done.stderr).not.toContain(KEYS[0]);
    expect(filesWith(KEYS[0], world.home)).toEqual([]);
    expect(front.count).toBe(0);
  });
});
