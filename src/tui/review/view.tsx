import { Box, Text } from 'ink';
import { escapeForTerminal } from '../../host/index.ts';
import { List } from '../list/view.tsx';
import type { Theme } from '../theme.ts';
import type { ReviewInput, ReviewItem } from './review.ts';
import { reviewLine } from './review.ts';
import { CHOICES, chosenItem, decisionOn, type ReviewState, type Section } from './state.ts';

export interface ReviewViewProps {
  input: ReviewInput;
  state: ReviewState;
  sections: readonly Section[];
  height: number;
  theme: Theme;
}

/** Lines of the screen that are not the list. */
export const REVIEW_FRAME = 6;

export function ReviewView(props: ReviewViewProps) {
  if (props.state.help) return <Help />;
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate-middle">
        sotto: {escapeForTerminal(props.input.project)}
      </Text>
      <Text wrap="truncate-end">{reviewLine(props.input)}</Text>
      {props.state.open === undefined ? <ListPart {...props} /> : <DecisionPart {...props} />}
    </Box>
  );
}

function ListPart({ input, state, sections, height, theme }: ReviewViewProps) {
  const section = sections[state.section];
  const list = state.lists[state.section];
  const chosen = chosenItem(state, sections);
  return (
    <>
      <Text wrap="truncate-end">
        {sections.map(({ title, items }, at) => {
          const name = `${title} ${items.length}`;
          return at === state.section ? `[${name}] ` : ` ${name}  `;
        })}
        {input.pending.length > 0 ? `${input.pending.length} not approved (sotto trust)` : ''}
      </Text>
      {section && list ? (
        <List
          items={section.items}
          state={list}
          height={height}
          line={(item) => <ItemLine item={item} decision={decisionOn(state, item)} theme={theme} />}
        />
      ) : (
        <Text>nothing is hidden, asked for or redacted</Text>
      )}
      <Text dimColor wrap="truncate-end">
        {chosen === undefined ? ' ' : becauseOf(chosen)}
      </Text>
      <Text wrap="truncate-end">s start q quit enter decide tab ? help</Text>
    </>
  );
}

function becauseOf({ because, reason }: ReviewItem): string {
  return escapeForTerminal(reason === undefined ? because : `${reason}: ${because}`);
}

function ItemLine({ item, decision, theme }: { item: ReviewItem; decision: string; theme: Theme }) {
  const colour = { hide: theme.hidden, ask: theme.asked, redact: theme.redacted }[decision];
  return (
    <>
      <Text {...(colour === undefined ? {} : { color: colour })}>{decision.padEnd(7)}</Text>
      {item.fresh ? <Text {...(theme.fresh === undefined ? {} : { color: theme.fresh })}>new </Text> : ''}
      {escapeForTerminal(item.path)}
    </>
  );
}

const SAYS = {
  hide: 'does not exist for the session',
  ask: 'asks you before it is read',
  redact: 'shown, with secrets redacted',
} as const;

function DecisionPart({ state }: ReviewViewProps) {
  if (state.open === undefined) return null;
  const { item, chosen, forGood } = state.open;
  return (
    <>
      <Text bold wrap="truncate-middle">
        {escapeForTerminal(item.path)}
      </Text>
      <Text dimColor wrap="truncate-end">
        {becauseOf(item)}
      </Text>
      {item.locked ? (
        <Text>locked by the organisation</Text>
      ) : (
        <>
          {CHOICES.map((choice, at) => (
            <Text key={choice} bold={at === chosen} wrap="truncate-end">
              {at === chosen ? '> ' : '  '}
              {choice.padEnd(7)}
              {SAYS[choice]}
            </Text>
          ))}
          <Text>{forGood ? ' this session  [for good]' : '[this session]  for good '}</Text>
        </>
      )}
      <Text wrap="truncate-end">enter take escape back tab keep</Text>
    </>
  );
}

function Help() {
  return (
    <Box flexDirection="column">
      <Text bold>keys</Text>
      <Text>s start the session</Text>
      <Text>q, escape, ctrl-c do not start</Text>
      <Text>up, down, j, k move; tab next list</Text>
      <Text>enter decide on the file under &gt;</Text>
      <Text>any key closes this help</Text>
    </Box>
  );
}
