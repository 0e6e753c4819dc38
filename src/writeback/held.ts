import type { WritebackEvent } from './record.ts';
import { textOf } from './scope.ts';

/** A guarded change that waits for a yes; what it is stands in the copy while the session lasts. */
export interface HeldChange {
  path: string;
  /** The pattern that guards the path, `scripts`, `executable` or `link`. */
  why: string;
  what: 'file' | 'link' | 'remove' | 'mode';
}

export interface Held {
  hold(change: HeldChange): void;
  /** The path is being looked at afresh. */
  clear(path: string): void;
  /** The person said yes: the next look at the path lets it through. */
  allow(path: string): void;
  isAllowed(path: string): boolean;
  list(): HeldChange[];
  /** Counts up with each change of the list. */
  readonly version: number;
}

export function createHeld(onEvent: (event: WritebackEvent) => void = () => {}): Held {
  const changes = new Map<string, HeldChange>();
  const told = new Set<string>();
  const allowed = new Set<string>();
  let version = 0;
  return {
    hold(change) {
      version++;
      changes.set(change.path, change);
      if (told.has(change.path)) return;
      told.add(change.path);
      onEvent({ event: 'held', path: textOf(change.path), why: change.why });
    },
    clear(path) {
      if (changes.delete(path)) version++;
    },
    allow: (path) => allowed.add(path),
    isAllowed: (path) => allowed.has(path),
    list: () => [...changes.values()],
    get version() {
      return version;
    },
  };
}
