export { PLACEHOLDER, placeholderOf, ruleSlug } from './placeholder.ts';
export { type Place, redactBytes, redactText } from './redact.ts';
export {
  findPlaceholders,
  type Lookup,
  type Restored,
  restoreBytes,
  restoreText,
  type Standing,
  type Unknown,
} from './restore.ts';
export { roundTrip } from './round-trip.ts';
export { redactSettled } from './settle.ts';
export { createVault, type Vault, type VaultEntry } from './vault.ts';
