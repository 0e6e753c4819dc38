import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { keepSeen, type ListState } from './state.ts';

export interface ListProps<T> {
  items: readonly T[];
  state: ListState;
  height: number;
  line(item: T): ReactNode;
}

/** The lines of a list that are seen; the chosen one has a mark, so that it is told without colour. */
export function List<T>({ items, state, height, line }: ListProps<T>) {
  const { chosen, top } = keepSeen(state, items.length, height);
  return (
    <Box flexDirection="column" height={height}>
      {items.slice(top, top + height).map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={top + at} bold={top + at === chosen} wrap="truncate-middle">
          {top + at === chosen ? '> ' : '  '}
          {line(item)}
        </Text>
      ))}
    </Box>
  );
}
