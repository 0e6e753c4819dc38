// What changes how a text is spelt and not what a reader takes from it, all undone at once: quoted-printable, character
// references, characters that are not seen. Emoji and non-breaking blanks stand in ordinary texts.
import { undoEntities } from './entities.ts';
import { near } from './near.ts';
import { undoQuoted } from './quoted.ts';
import { undoUnseen } from './unseen.ts';
import { compose, type View } from './view.ts';

/** The readings of one text that were undone, outermost first. */
export interface PlainView extends View {
  encodings: readonly string[];
}

const UNDO = [undoQuoted, undoEntities, undoUnseen];
/** A reference may stand inside a reference: `&amp;#95;`. */
const ROUNDS = 2;

/** The text as it is read, near what is spelt in another way; undefined when nothing is. */
export function readPlainly(source: Buffer): PlainView | undefined {
  let view: View | undefined;
  const encodings: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const undo of UNDO) {
      const next = undo(view?.bytes ?? source);
      if (next === undefined) continue;
      if (!encodings.includes(next.encoding as string)) encodings.push(next.encoding as string);
      view = view === undefined ? next : compose(view, next);
    }
  }
  if (view === undefined) return undefined;
  return { ...near(source, view), encodings };
}
