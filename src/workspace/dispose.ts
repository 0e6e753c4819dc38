import { rm } from 'node:fs/promises';

/** Removes the copy. On a tmpfs of the session the kernel does so as well; a folder on disk has nobody else. */
export async function disposeCopy(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true, maxRetries: 3 });
}
