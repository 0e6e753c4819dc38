/** How a person proves who pays. */
export type CredentialKind = 'api-key' | 'auth-token' | 'api-key-helper' | 'setup-token' | 'login';

/** A credential as it goes on the wire; read afresh for each request and never given to the sandbox. */
export interface Credential {
  /** Where it came from. */
  kind: CredentialKind;
  /** Headers to set, lower case: `x-api-key`, `authorization`, or both. All others that could name an account must be dropped. */
  headers: Readonly<Record<string, string>>;
  /** OAuth tokens need {@link OAUTH_BETA} among the values of `anthropic-beta`, beside those of the client. */
  oauth: boolean;
}

/** Claude Code adds it to requests with an OAuth token (seen in 2.1.330). */
export const OAUTH_BETA = 'oauth-2025-04-20';

export interface CredentialSource {
  readonly kind: CredentialKind;
  /** The credential as of now; throws a refusal `account.*` when it is gone or expired. */
  read(): Promise<Credential>;
  /** After the provider refused what {@link read} gave: another one, or undefined when there is none. Absent where it cannot change. */
  renew?(refused: Credential): Promise<Credential | undefined>;
}

/** What is known of the account, for the status line, the ledger and policy. */
export interface Account {
  email?: string;
  organizationId?: string;
  organizationName?: string;
  /** `pro`, `max`, `team`, `enterprise`; or `api` for a key. */
  plan?: string;
}
