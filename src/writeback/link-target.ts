import type { Snapshot } from '../workspace/index.ts';
import { folderOf } from './scope.ts';

/**
 * Whether a symbolic link made inside stays in the project wherever it is read. Pure. Only plain targets pass: `..` at the
 * start, names after it, and no way through a link whose own target lies outside.
 * @param path of the link, relative to the root
 * @param root absolute path of the project; absolute targets below it are allowed
 */
export function staysInside(path: string, target: string, root: string, snapshot: Snapshot): boolean {
  const steps = stepsOf(path, target, root);
  if (steps === undefined) return false;
  const place: string[] = [];
  for (const step of steps) {
    place.push(step);
    const entry = snapshot.get(place.join('/'));
    if (entry?.kind === 'link' && entry.stub) return false;
  }
  return steps[0] !== '.git' && steps[0] !== '.sotto';
}

/** The target as names from the root; undefined when it leads out, or back up after going down. */
function stepsOf(path: string, target: string, root: string): string[] | undefined {
  if (target === '' || target.includes('\0')) return undefined;
  const absolute = target.startsWith('/');
  if (absolute && target !== root && !target.startsWith(`${root}/`)) return undefined;
  const place = absolute || folderOf(path) === '' ? [] : folderOf(path).split('/');
  const steps = (absolute ? target.slice(root.length) : target)
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  const down = steps.findIndex((step) => step !== '..');
  const ups = down < 0 ? steps.length : down;
  if (ups > place.length || steps.slice(ups).includes('..')) return undefined;
  return [...place.slice(0, place.length - ups), ...steps.slice(ups)];
}
