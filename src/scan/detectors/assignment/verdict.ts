// Whether a value under a name is a secret: the promise of the name, the strength of the value and the place are weighed together.
// The weaker the promise, the more the value itself must look made by a machine.
import type { Confidence } from '../../finding.ts';
import { tokenLike } from '../../validators/token-like.ts';
import type { KeyKind } from './key-name.ts';
import { strangeness } from './letters.ts';
import { hasCrossedBrackets, isDefaultAccount, isStandIn, isWeak, type Strength, strengthOf } from './literal.ts';
import type { Place } from './place.ts';
import {
  isConstant,
  isLopsided,
  isNumbered,
  isOrdinaryMix,
  isPath,
  isSalting,
  isScrambled,
  isSequence,
  isTaggedWord,
  spaced,
} from './shapes.ts';
import type { Form } from './ways.ts';

export interface Weighed {
  kind: KeyKind;
  name: string;
  form: Form;
  quoted: boolean;
  place: Place;
  /** More words follow a bare value. */
  sentence: boolean;
  /** `NAME=value` as in a shell or an environment file, whatever the language around it. */
  environment: boolean;
}

/** So much of a value tells whether it stands for nothing; the rest of a long one is not read for each name before it. */
const TELLING = 200;
/** A number as C writes it. */
const NUMBER = /^0x[0-9a-f]{1,16}u?l{0,2}$/i;
const DIGEST = /^(?:sha-?\d+|md5)[-:/]|^[0-9a-f]{7}$|^S-1-\d/i;
/** A `key` that opens something is one run of text; names of settings have dots and brackets, a UUID its dashes. */
const KEY_TEXT = /^(?=[^-_]*(?:[-_][^-_]*){0,3}$)[\w+/=:%-]+$/;
const TALKS_OF_SECRETS =
  /(?:^|[^a-z])(?:pass|password|passwd|pwd|secret|token|keys?|creds?|credentials?|auth|login|user|config|prod|name|field|input|value|text|string|label)(?:[^a-z]|$)/i;

/** How sure it is that `value` is a secret, or undefined when it is none. */
export function verdict(value: string, about: Weighed): Confidence | undefined {
  const front = value.slice(0, TELLING);
  if (isStandIn(front) || DIGEST.test(value) || echoes(about.name, front)) return undefined;
  const strength = strengthOf(value);
  if (strength === undefined) return undefined;
  const { kind, place, quoted, form } = about;
  if (form === 'prose' && !quoted && !/\d/.test(value)) return undefined;
  if (form === 'beside' || about.sentence)
    return strength === 'random' && value.length >= 16 && !place.code ? 'possible' : undefined;
  if (place.generated) return strength === 'random' && kind !== 'key' ? 'possible' : undefined;
  if (!quoted && place.code && !about.environment)
    return strength === 'random' && /^[A-Za-z0-9+/=~-]{16,}$/.test(value) && !NUMBER.test(value) && tokenLike(value)
      ? 'possible'
      : undefined;
  if (place.fixture && (isWeak(value) || !/[A-Za-z]/.test(value))) return undefined;
  if (isSequence(value)) return undefined;
  if (kind === 'password') return ofPassword(value, strength, about);
  if (kind === 'secret') return ofSecret(value, strength, about);
  return kind === 'token' ? ofToken(value, strength, about) : ofKey(value, strength, about);
}

function ofPassword(value: string, strength: Strength, about: Weighed): Confidence | undefined {
  const { place, quoted, form } = about;
  if (strength === 'random') return 'likely';
  if (isPath(value) || /^[\w.+-]+@[\w-]+\.\w+$/.test(value)) return undefined;
  if (
    form === 'pair' &&
    (value.length < 6 || (place.code && /^\w*$/.test(value) && !/\d{2}|[a-z]\d[a-z]/i.test(value)))
  )
    return undefined;
  if (strength === 'odd') return 'likely';
  if (strength === 'mixed')
    return (isOrdinaryMix(value) && !isTaggedWord(value)) || isLopsided(value) ? undefined : 'likely';
  if (isRepeated(about.name) && strength !== 'words') return undefined;
  if (place.fixture && quoted && form !== 'pair' && isNumbered(value) && !TALKS_OF_SECRETS.test(spaced(value)))
    return 'possible';
  if (isPlainPlace(about) || isRepeated(about.name)) return undefined;
  if (isNumbered(value) && !TALKS_OF_SECRETS.test(value)) return quoted || !place.code ? 'possible' : undefined;
  if (strength === 'phrase') return quoted ? 'possible' : undefined;
  if (form === 'pair' || form === 'flag' || form === 'directive' || (form === 'named' && place.markup))
    return undefined;
  // `POSTGRES_PASSWORD: postgres` in a file that starts a database for tests says nothing that its name does not.
  if (isDefaultAccount(value)) return !place.code && says(about.name, value) ? undefined : 'possible';
  if (strength === 'words') return isSpoken(value, about) ? 'possible' : undefined;
  if (/^[A-Z][a-z]+$/.test(value) || value.length < (form === 'call' ? 8 : 5)) return undefined;
  return quoted || !place.code ? 'possible' : undefined;
}

/** The field that asks for the same again: texts stand beside it more often than passwords. */
function isRepeated(name: string): boolean {
  return /confirm(?:ation)?$/i.test(name);
}

const says = (name: string, value: string) => name.toLowerCase().includes(value.toLowerCase());

/** Several words as a password: `open-sesame`, `GotToBeKidding`, `topSecretPass9`. */
function isSpoken(value: string, { quoted, form, environment, place }: Weighed): boolean {
  if (form === 'element' || (isOrdinaryMix(value) && /\//.test(value))) return false;
  if (/^\w*[a-z]\d+$/.test(value) && !/[_.]/.test(value)) return quoted || !place.code;
  if (form === 'call' || TALKS_OF_SECRETS.test(spaced(value))) return false;
  return quoted || environment || (!place.code && form === 'assign' && /^[A-Za-z]{8,}$/.test(value));
}

function ofSecret(value: string, strength: Strength, about: Weighed): Confidence | undefined {
  if (isConstant(value)) return undefined;
  if (strength === 'random') return 'likely';
  if (about.form === 'pair' || (!about.quoted && /^\d{1,11}$/.test(value))) return undefined;
  if (strength === 'odd') return 'possible';
  if (strength === 'mixed') {
    if (isOrdinaryMix(value) || isLopsided(value) || /^[a-z]+\d$/i.test(value)) return undefined;
    const least = isPlainPlace(about) ? 10 : 6;
    return value.length >= least && (/\d/.test(value) || !isPlainPlace(about)) ? 'possible' : undefined;
  }
  if (isPlainPlace(about) || about.form !== 'assign') return undefined;
  if (strength === 'phrase') return about.quoted ? 'possible' : undefined;
  return isSigningName(about.name) && isChosenWord(value, about) ? 'possible' : undefined;
}

/** A name of what signs or encrypts: `JWT_SECRET`, `session.secret`, `cookieSecret`; and a bare `secret` of a module of that sort. */
function isSigningName(name: string): boolean {
  return /(?:jwt|session|cookie|csrf|app|signing|access|refresh|hmac|encryption|flask|django|express|token|auth|client|shared|api|webhook)[_.-]?(?:token[_.-]?)?secret$|^secret$/i.test(
    name,
  );
}

/** Words that somebody took for a secret: long enough, and not about secrets. */
function isChosenWord(value: string, { quoted, environment, place, name }: Weighed): boolean {
  if (value.length < 6 || TALKS_OF_SECRETS.test(spaced(value)) || isDefaultAccount(value)) return false;
  if (/^secret$/i.test(name)) return quoted && !/[_./:]/.test(value) && (!place.code || /^[a-z]/i.test(value));
  return quoted || environment || !place.code;
}

function ofToken(value: string, strength: Strength, about: Weighed): Confidence | undefined {
  if (isConstant(value)) return undefined;
  if (strength === 'random') return 'likely';
  if (about.form === 'pair') return undefined;
  if (/.nonce$/i.test(about.name) && isScrambled(value)) return 'possible';
  if (strength === 'odd')
    return value.length >= (isPlainPlace(about) || !about.quoted ? 10 : 8) ? 'possible' : undefined;
  if (isPlainPlace(about)) return undefined;
  if (strength === 'mixed') return isMixedToken(value) ? 'possible' : undefined;
  if (/jwt_?key$/i.test(about.name)) return isChosenWord(value, about) ? 'possible' : undefined;
  return strength === 'phrase' && value.split(' ').length >= 4 && about.quoted && about.form === 'assign'
    ? 'possible'
    : undefined;
}

/** The value only says its name again, as constants do: `TXT_PSK_AES = "PSK-AES"`. */
function echoes(name: string, value: string): boolean {
  if (value.includes(' ') || !/[_.:-]|[a-z][A-Z]/.test(value)) return false;
  const parts = (value.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((part) => part.toLowerCase());
  if (parts.length < 2) return false;
  const lower = name.toLowerCase();
  const said = parts.filter((part) => part.length > 1 && lower.includes(part)).join('').length;
  return said >= parts.join('').length * 0.65;
}

function isMixedToken(value: string): boolean {
  if (/^\d{16,}$/.test(value)) return true;
  if (isScrambled(value)) return true;
  if (value.length < 10 || !/[A-Za-z]/.test(value) || isOrdinaryMix(value) || /^[A-Za-z]+\d{1,2}$/.test(value))
    return false;
  return /\d/.test(value) || hasCrossedBrackets(value);
}

function ofKey(value: string, strength: Strength, { name, place, form }: Weighed): Confidence | undefined {
  if (/salt$/i.test(name) && isSalting(value)) return 'possible';
  if (form === 'element' || /^[A-Za-z]+(?:[-_][A-Za-z]+)+$/.test(value)) return undefined;
  if (!KEY_TEXT.test(value) || value.length < 12 || form === 'pair' || isConstant(value)) return undefined;
  if (/^[A-Za-z]+$/.test(value) && /[A-Z]/.test(value) && (value.match(/[A-Z]/g)?.length ?? 0) < value.length / 4)
    return undefined;
  if (strength === 'random') return value.length >= 16 ? 'possible' : undefined;
  if (place.fixture) return undefined;
  if (strength === 'mixed') return /^[A-Za-z]*\d[A-Za-z0-9]{19,}$/.test(value) ? 'possible' : undefined;
  return strength === 'odd' && /^[a-z]+$/.test(value) && strangeness(value) > 5.2 ? 'possible' : undefined;
}

/** Words are to be expected here: made-up values, labels, translations. */
function isPlainPlace({ place, form }: Weighed): boolean {
  return place.fixture || place.translations || (place.markup && form === 'element');
}
