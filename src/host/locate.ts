import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** The first executable file of that name in the folders of `path` (a PATH value), or undefined. Never the current folder. */
export function locate(program: string, path: string): string | undefined {
  if (program.includes('/')) return isExecutable(resolve(program)) ? resolve(program) : undefined;
  for (const folder of path.split(':')) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, program);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** PATH for our own tools (bwrap, nsenter, git): the person's, with the system folders behind it. */
export function toolPath(path: string | undefined): string {
  return [path, '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin']
    .filter(Boolean)
    .join(':');
}
