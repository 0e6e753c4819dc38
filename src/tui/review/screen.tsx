import { useInput } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import type { ScreenProps } from '../ask.tsx';
import { nameOfKey } from '../keys.ts';
import { useSize } from '../use-size.ts';
import type { ReviewAnswer, ReviewInput } from './review.ts';
import { reviewByKey, sectionsOf, startReview } from './state.ts';
import { REVIEW_FRAME, ReviewView } from './view.tsx';

/** Shows what a session will see, lets the person change it, and answers whether to start. */
export function ReviewScreen({ input, theme, answer }: { input: ReviewInput } & ScreenProps<ReviewAnswer>) {
  const sections = useMemo(() => sectionsOf(input), [input]);
  const [state, setState] = useState(() => startReview(sections));
  const height = Math.max(1, useSize().rows - REVIEW_FRAME);
  useInput((text, key) => {
    const name = nameOfKey(text, key);
    if (name !== undefined) setState((before) => reviewByKey(before, name, sections, height));
  });
  useEffect(() => {
    if (state.done !== undefined) answer({ start: state.done === 'start', decisions: state.decisions });
  }, [state, answer]);
  return <ReviewView input={input} state={state} sections={sections} height={height} theme={theme} />;
}
