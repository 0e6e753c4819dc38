import { askPlain } from '../plain.ts';
import type { Terminal } from '../terminal.ts';
import type { ReviewAnswer, ReviewInput } from './review.ts';
import { reviewLine } from './review.ts';
import { sectionsOf } from './state.ts';

/** Lines of one list that are printed without being asked for. */
const SHOWN = 20;

/** The review in plain lines: lists what there is and asks whether to start; decisions are changed with `sotto explain` and policy. */
export function reviewPlain(input: ReviewInput, terminal: Terminal): Promise<ReviewAnswer> {
  const lists = sectionsOf(input).flatMap(({ title, items }) => [
    `${title}, ${items.length}:`,
    ...items.slice(0, SHOWN).map(({ path, because }) => `  ${path}, because of ${because}`),
    ...(items.length > SHOWN ? [`  and ${items.length - SHOWN} more`] : []),
  ]);
  const pending = input.pending.length > 0 ? [`${input.pending.length} settings wait for sotto trust`] : [];
  return askPlain(
    [`sotto: ${input.project}`, reviewLine(input), ...lists, ...pending],
    [
      { word: 'start', says: 'start the session', answer: { start: true, decisions: [] } },
      { word: 'quit', says: 'do not start', answer: { start: false, decisions: [] } },
    ],
    { start: false, decisions: [] },
    terminal,
  );
}
