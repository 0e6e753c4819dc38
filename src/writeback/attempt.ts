import { rethrowRefusal } from '../errors/index.ts';
import type { Ground } from './ground.ts';

/**
 * Work on one path that the system may refuse: a full disk, a folder without the right to enter or to write. That is told, and
 * tried again at the end; the other paths go on.
 * @returns undefined when the system refused
 */
export async function attempt<T>(ground: Ground, path: string, act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    tell(ground, path, error);
    return undefined;
  }
}

/** {@link attempt} for a look, which waits for nothing. */
export function attemptLook<T>(ground: Ground, path: string, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    tell(ground, path, error);
    return undefined;
  }
}

function tell(ground: Ground, path: string, error: unknown): void {
  rethrowRefusal(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  ground.record.problem(path, 'writeback.failed', { hint: code });
}
