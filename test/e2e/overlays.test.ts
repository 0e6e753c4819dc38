import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorld, sent, sotto, type World } from '../support/sotto.ts';

let world: World;

beforeEach(async () => {
  world = await makeWorld({
    '.gitignore': 'node_modules\n',
    'package.json': '{"name":"app","scripts":{"test":"node -e \\"console.log(require(\'thing\'))\\""}}\n',
    'node_modules/thing/index.js': "module.exports = 'a thing of the host';\n",
    'node_modules/thing/package.json': '{"name":"thing","version":"1.0.0"}\n',
  });
  execFileSync('git', ['init', '-q'], { cwd: world.project });
});
afterEach(() => world.close());

describe('a bulky folder that git ignores', () => {
  it('works inside at once, and what is installed inside does not touch the real one', async () => {
    const node = `${process.execPath} -e "console.log(require('thing'))"`;
    const command = `${node}; echo changed > node_modules/thing/index.js && mkdir node_modules/other && ${node}; ls node_modules`;
    world.standIn.script([[{ tool: 'Bash', input: { command } }], [{ text: 'done' }]]);
    expect((await sotto(world, ['claude', '-p', 'x', '--permission-mode', 'bypassPermissions'])).code).toBe(0);
    expect(sent(world, 'a thing of the host')).toBeGreaterThan(0);
    // Where the kernel has no overlays for us the folder is read-only, and programs are told so.
    expect(sent(world, /other\\nthing|Read-only file system/g)).toBeGreaterThan(0);
    const file = join(world.project, 'node_modules/thing/index.js');
    expect(readFileSync(file, 'utf8')).toBe("module.exports = 'a thing of the host';\n");
    expect(existsSync(join(world.project, 'node_modules/other'))).toBe(false);
  });
});
