import { useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { ScreenProps } from '../ask.tsx';
import { nameOfKey } from '../keys.ts';
import { useSize } from '../use-size.ts';
import { choicesOf, type ReadAnswer, type ReadQuestion } from './question.ts';
import { QUIET_MS, questionByKey, questionByTime, startQuestion } from './state.ts';
import { QuestionView } from './view.tsx';

/** Asks whether a file may be read. */
export function QuestionScreen({ question, theme, answer }: { question: ReadQuestion } & ScreenProps<ReadAnswer>) {
  const [state, setState] = useState(() => startQuestion(Date.now(), choicesOf(question)));
  const { rows } = useSize();
  useInput((text, key) => setState((before) => questionByKey(before, nameOfKey(text, key), Date.now())));
  useEffect(() => {
    if (state.armed) return;
    const timer = setTimeout(
      () => setState((before) => questionByTime(before, Date.now())),
      Math.max(0, state.quietSince + QUIET_MS - Date.now()) + 1,
    );
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    if (state.answer !== undefined) answer(state.answer);
  }, [state, answer]);
  return <QuestionView question={question} state={state} rows={rows} theme={theme} />;
}
