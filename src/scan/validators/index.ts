// Named conditions that a rule can set on a secret with `accept:`. Each takes the secret (Latin-1 text) and says whether it
// may be one. An extension point: add a file beside this one and an entry here.
import { basicCredentials } from './basic-credentials.ts';
import { iban } from './iban.ts';
import { keyBody } from './key-body.ts';
import { argument, basicOrToken, commandLogin, keyArgument, login, notStandIn, weakLogin } from './login.ts';
import { luhn } from './luhn.ts';
import { mixedClasses } from './mixed-classes.ts';
import { notCode } from './not-code.ts';
import { notPlaceholder } from './not-placeholder.ts';
import { phone } from './phone.ts';
import { tokenLike } from './token-like.ts';
import { wordList } from './word-list.ts';

export const VALIDATORS: Readonly<Record<string, (secret: string) => boolean>> = {
  luhn,
  iban,
  'mixed-classes': mixedClasses,
  'not-placeholder': notPlaceholder,
  'key-body': keyBody,
  'basic-credentials': basicCredentials,
  'not-code': notCode,
  login,
  phone,
  argument,
  'key-argument': keyArgument,
  'basic-or-token': basicOrToken,
  'command-login': commandLogin,
  'not-css': (secret) => !/^[\s:;{]|px$|;$/.test(secret),
  'weak-login': weakLogin,
  'not-stand-in': notStandIn,
  'token-like': tokenLike,
  'word-list': wordList,
};
