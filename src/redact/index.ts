export { PLACEHOLDER, placeholderOf, ruleSlug } from './placeholder.ts';
export { createVault, type Vault, type VaultEntry } from './vault.ts';
// redactBytes(bytes, findings, place): { bytes, placed }      redact.ts; place(rule, secretLatin1) => placeholder; lines never move
// redactText(text, findings, place): { text, placed }         the same on UTF-16 spans, for the gateway
// restoreBytes(bytes, lookup): { bytes, restored, unknown }   restore.ts; unknown: garbled or invented ones with line numbers
