/** A credential as it goes on the wire; read afresh for each request and never given to the sandbox. */
export interface Credential {
  /** Where it came from: `api-key`, `auth-token`, `api-key-helper`, `setup-token`, `login`. */
  kind: 'api-key' | 'auth-token' | 'api-key-helper' | 'setup-token' | 'login';
  /** Headers to set, lower case: `x-api-key` or `authorization`, and for OAuth an `anthropic-beta` value to add. */
  headers: Readonly<Record<string, string>>;
  /** OAuth tokens need the beta header `oauth-2025-04-20`. */
  oauth: boolean;
}

export interface CredentialSource {
  readonly kind: Credential['kind'];
  /** The credential as of now; throws a refusal `account.*` when it is gone or expired. */
  read(): Promise<Credential>;
}

/** What is known of the account, for the status line, the ledger and policy. */
export interface Account {
  email?: string;
  organizationId?: string;
  organizationName?: string;
  plan?: string;
}
