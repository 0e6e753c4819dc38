// Named conditions that a rule can set on a secret with `accept:`. Each takes the secret (Latin-1 text) and says whether it
// may be one. An extension point: add a file beside this one and an entry here.
import { iban } from './iban.ts';
import { luhn } from './luhn.ts';
import { mixedClasses } from './mixed-classes.ts';
import { notPlaceholder } from './not-placeholder.ts';

export const VALIDATORS: Readonly<Record<string, (secret: string) => boolean>> = {
  luhn,
  iban,
  'mixed-classes': mixedClasses,
  'not-placeholder': notPlaceholder,
};
