// The review's state and what each key makes of it. Pure.
import { keepSeen, LIST_START, type ListState, moveByKey } from '../list/state.ts';
import type { ReviewDecision, ReviewInput, ReviewItem } from './review.ts';

export interface Section {
  readonly title: string;
  readonly items: readonly ReviewItem[];
}

export interface ReviewState {
  readonly section: number;
  /** Of each section. */
  readonly lists: readonly ListState[];
  /** The item whose decision is open. */
  readonly open: Opened | undefined;
  readonly decisions: readonly ReviewDecision[];
  readonly help: boolean;
  readonly done: 'start' | 'quit' | undefined;
}

interface Opened {
  readonly item: ReviewItem;
  /** Index in {@link CHOICES}. */
  readonly chosen: number;
  readonly forGood: boolean;
}

/** The decisions that a person can make on a path, strictest first. */
export const CHOICES = ['hide', 'ask', 'redact'] as const;

const DECISION_NOW = { hidden: 'hide', asked: 'ask', redacted: 'redact', 'left out': 'redact' } as const;

/** The lists that have something in them, what is new first. */
export function sectionsOf({ items }: ReviewInput): Section[] {
  const all = [
    { title: 'new', items: items.filter(({ fresh }) => fresh) },
    ...(['hidden', 'asked', 'redacted', 'left out'] as const).map((kind) => ({
      title: kind,
      items: items.filter((item) => item.kind === kind),
    })),
  ];
  return all.filter((section) => section.items.length > 0);
}

export function startReview(sections: readonly Section[]): ReviewState {
  const lists = sections.map(() => LIST_START);
  return { section: 0, lists, open: undefined, decisions: [], help: false, done: undefined };
}

/** The decision on an item: the person's, else the one it came with. */
export function decisionOn(state: ReviewState, item: ReviewItem): (typeof CHOICES)[number] {
  return state.decisions.find(({ path }) => path === item.path)?.decision ?? DECISION_NOW[item.kind];
}

/** @param height lines that the list has on the screen */
export function reviewByKey(
  state: ReviewState,
  key: string,
  sections: readonly Section[],
  height: number,
): ReviewState {
  if (key === 'ctrl-c') return { ...state, done: 'quit' };
  if (state.help) return { ...state, help: false };
  return state.open === undefined ? inList(state, key, sections, height) : inDecision(state, state.open, key);
}

function inList(state: ReviewState, key: string, sections: readonly Section[], height: number): ReviewState {
  switch (key) {
    case 's':
      return { ...state, done: 'start' };
    case 'q':
    case 'escape':
      return { ...state, done: 'quit' };
    case '?':
      return { ...state, help: true };
    case 'tab':
    case 'right':
      return { ...state, section: (state.section + 1) % Math.max(1, sections.length) };
    case 'shift-tab':
    case 'left':
      return { ...state, section: (state.section + sections.length - 1) % Math.max(1, sections.length) };
    case 'enter':
      return open(state, chosenItem(state, sections));
    default:
      return move(state, key, sections[state.section]?.items.length ?? 0, height);
  }
}

/** The item under the mark. */
export function chosenItem(state: ReviewState, sections: readonly Section[]): ReviewItem | undefined {
  const items = sections[state.section]?.items ?? [];
  const list = state.lists[state.section];
  return list && items[keepSeen(list, items.length, 1).chosen];
}

function open(state: ReviewState, item: ReviewItem | undefined): ReviewState {
  if (item === undefined) return state;
  return { ...state, open: { item, chosen: CHOICES.indexOf(decisionOn(state, item)), forGood: false } };
}

function move(state: ReviewState, key: string, length: number, height: number): ReviewState {
  const list = state.lists[state.section];
  const moved = list && moveByKey(list, key, length, height);
  if (moved === undefined) return state;
  return { ...state, lists: state.lists.map((one, at) => (at === state.section ? moved : one)) };
}

function inDecision(state: ReviewState, opened: Opened, key: string): ReviewState {
  const last = CHOICES.length - 1;
  switch (key) {
    case 'up':
    case 'k':
      return { ...state, open: { ...opened, chosen: Math.max(0, opened.chosen - 1) } };
    case 'down':
    case 'j':
      return { ...state, open: { ...opened, chosen: Math.min(last, opened.chosen + 1) } };
    case 'left':
    case 'right':
    case 'tab':
      return { ...state, open: { ...opened, forGood: !opened.forGood } };
    case 'enter':
      return opened.item.locked ? { ...state, open: undefined } : take(state, opened);
    case 'escape':
    case 'q':
      return { ...state, open: undefined };
    default:
      return state;
  }
}

function take(state: ReviewState, { item, chosen, forGood }: Opened): ReviewState {
  const decision = CHOICES[chosen] ?? 'hide';
  const others = state.decisions.filter(({ path }) => path !== item.path);
  const own = decision === DECISION_NOW[item.kind] ? [] : [{ path: item.path, decision, forGood }];
  return { ...state, open: undefined, decisions: [...others, ...own] };
}
