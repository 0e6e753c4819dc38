export { type Account, type Credential, type CredentialKind, type CredentialSource, OAUTH_BETA } from './account.ts';
export { type CheckAccountInput, checkAccount } from './check.ts';
export {
  clientEnvironment,
  clientFolder,
  clientStateFile,
  type Environment,
  isObject,
  MANAGED_FOLDER,
  mergeSettings,
  readClientState,
  readManagedSettings,
  readUserSettings,
  type Settings,
} from './client-files.ts';
export { clientProxy, type ProxyFor } from './client-proxy.ts';
export { clientBaseUrl, type FindCredentialInput, findCredential } from './find.ts';
export { dropToken, keepToken, keptTokenFile } from './kept-token.ts';
export { readAccount } from './read-account.ts';
export { type Terms, termsOf } from './terms.ts';
