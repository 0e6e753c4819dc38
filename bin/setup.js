// Sets a fresh machine up: packages from the lock file, bubblewrap by the machine's package manager, the build.
// Needs nothing but Node and npm; says one command when it may not do a step itself. Everything it prints goes to stderr.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const INSTALLERS = [
  {
    program: 'apt-get',
    steps: (name) => [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name],
    ],
  },
  { program: 'dnf', steps: (name) => [['dnf', 'install', '-y', '-q', name]] },
  { program: 'pacman', steps: (name) => [['pacman', '-Sy', '--noconfirm', name]] },
  { program: 'apk', steps: (name) => [['apk', 'add', '--quiet', name]] },
  { program: 'zypper', steps: (name) => [['zypper', '--non-interactive', 'install', name]] },
];

/** Programs of the system that sessions need, with the package that brings each. */
const PROGRAMS = { bwrap: 'bubblewrap', nsenter: 'util-linux', git: 'git' };

export function setUp() {
  checkNode();
  installPackages();
  if (process.platform === 'linux')
    for (const [program, name] of Object.entries(PROGRAMS)) installProgram(program, name);
  buildWhenStale();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${process.versions.node} is too old`, 'install Node 20.19 or later from https://nodejs.org');
}

/** `npm ci` when node_modules does not belong to this lock file. */
function installPackages() {
  const folder = join(root, 'node_modules');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = join(folder, '.sotto-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  if (existsSync(folder) && lstatSync(folder).isSymbolicLink()) return; // shared by somebody who looks after it
  say('installing npm packages from the lock file');
  run(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(mark, lock);
}

function installProgram(program, name) {
  if (onPath(program)) return;
  const installer = INSTALLERS.find((one) => onPath(one.program));
  if (installer === undefined) stop(`${program} is missing`, `install the package ${name}`);
  const isRoot = process.getuid() === 0;
  const steps = installer.steps(name).map((step) => (isRoot ? step : ['sudo', '-n', ...step]));
  const byHand = installer
    .steps(name)
    .map((step) => `${isRoot ? '' : 'sudo '}${step.join(' ')}`)
    .join(' && ');
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0)
    stop(`${program} is missing`, byHand);
  say(`installing ${name}`);
  const done = steps.every(
    (step) => spawnSync(step[0], step.slice(1), { stdio: ['ignore', 2, 2], env: quietEnv() }).status === 0,
  );
  if (!done || !onPath(program)) stop(`${name} could not be installed`, byHand);
}

function quietEnv() {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
}

function onPath(program) {
  const folders = `${process.env.PATH ?? ''}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`.split(':');
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** Builds when a source is newer than the bundle. */
function buildWhenStale() {
  const built = join(root, 'dist/main.js');
  const newest = ['src', 'patterns', 'bin']
    .map((folder) => newestIn(join(root, folder)))
    .reduce((a, b) => Math.max(a, b), 0);
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  say('building');
  run([process.execPath, join(root, 'bin/build.js')]);
}

function newestIn(folder) {
  return readdirSync(folder, { recursive: true }).reduce(
    (newest, name) => Math.max(newest, statSync(join(folder, String(name))).mtimeMs),
    0,
  );
}

/** Runs a step of the set-up; what it prints goes to stderr, so that standard output stays the session's. */
function run(command) {
  const done = spawnSync(command[0], command.slice(1), { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) stop(`${command[0]} failed`, command.join(' '));
}

function say(what) {
  process.stderr.write(`sotto: ${what}\n`);
}

function stop(what, hint) {
  process.stderr.write(`sotto: ${what}\nhint: ${hint}\n`);
  process.exit(1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) setUp();
