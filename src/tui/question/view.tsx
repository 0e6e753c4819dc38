import { Box, Text } from 'ink';
import { escapeForTerminal } from '../../host/index.ts';
import type { Theme } from '../theme.ts';
import { choicesOf, facts, headline, type ReadQuestion } from './question.ts';
import type { QuestionState } from './state.ts';

export interface QuestionViewProps {
  question: ReadQuestion;
  state: QuestionState;
  rows: number;
  theme: Theme;
}

/** Lines that are not the preview. */
const FRAME = 11;

export function QuestionView({ question, state, rows, theme }: QuestionViewProps) {
  // Where the screen is low, why it is asked gives way; what is asked never does.
  const known = facts(question).slice(rows < FRAME ? 1 : 0);
  const preview = (question.preview ?? []).slice(0, Math.max(0, rows - FRAME));
  return (
    <Box flexDirection="column">
      <Text bold {...(theme.asked === undefined ? {} : { color: theme.asked })} wrap="truncate-end">
        {escapeForTerminal(headline(question))}
      </Text>
      <Text bold wrap="truncate-middle">
        {escapeForTerminal(question.path)}
      </Text>
      {known.map((fact) => (
        <Text key={fact} wrap="truncate-end">
          {escapeForTerminal(fact)}
        </Text>
      ))}
      {preview.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={at} dimColor wrap="truncate-end">
          | {escapeForTerminal(line)}
        </Text>
      ))}
      {choicesOf(question).map(({ key, says }, at) => (
        <Text key={key} bold={at === state.chosen} wrap="truncate-end">
          {at === state.chosen ? '> ' : '  '}
          {key} {says}
        </Text>
      ))}
      <Text dimColor={!state.armed} wrap="truncate-end">
        {state.armed ? 'press a key, or enter for the line with >' : 'stop typing; keys count in a moment'}
      </Text>
    </Box>
  );
}
