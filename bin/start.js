// `npm start`: sets up, then the rehearsal; `npm start -- claude ...` and the like: sets up, then that command.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './setup.js';

setUp();
const args = process.argv.slice(2);
const child = spawn(process.execPath, [join(root, 'bin/sotto.js'), ...(args.length > 0 ? args : ['verify'])], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
