import { rethrowRefusal } from '../errors/index.ts';
import type { Ground } from './ground.ts';

/**
 * Work on one path that the system may refuse: a full disk, a folder without the right to write. That is told, and tried again
 * at the end; the other paths go on.
 * @returns undefined when the system refused
 */
export async function attempt<T>(ground: Ground, path: string, act: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    rethrowRefusal(error);
    const code = systemCode(error);
    if (code === undefined) throw error;
    ground.record.problem(path, 'writeback.failed', { hint: code });
    return undefined;
  }
}

function systemCode(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : code;
}
