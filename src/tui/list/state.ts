/** A list with one line chosen, seen through a window. */
export interface ListState {
  readonly chosen: number;
  /** First line that is seen. */
  readonly top: number;
}

export const LIST_START: ListState = { chosen: 0, top: 0 };

/** Moves through a list; undefined when the key is not one of a list's. */
export function moveByKey(state: ListState, key: string, length: number, height: number): ListState | undefined {
  const page = Math.max(1, height - 1);
  const steps: Record<string, number> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    'page-up': -page,
    'page-down': page,
    home: -length,
    end: length,
  };
  const step = steps[key];
  return step === undefined ? undefined : keepSeen({ ...state, chosen: state.chosen + step }, length, height);
}

/** Brings the chosen line into the list and into the window. */
export function keepSeen({ chosen, top }: ListState, length: number, height: number): ListState {
  const kept = Math.max(0, Math.min(chosen, length - 1));
  const lowest = Math.max(0, Math.min(top, length - height));
  return { chosen: kept, top: Math.max(kept - height + 1, Math.min(lowest, kept)) };
}
