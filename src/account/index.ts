export type { Account, Credential, CredentialSource } from './account.ts';
// findCredential(input: { env, home, run }): Promise<CredentialSource>   throws Refusal account.none with what to do
// readAccount(input: { home, configFolder? }): Promise<Account>
