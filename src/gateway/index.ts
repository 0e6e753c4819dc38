export {
  createGateway,
  type Gateway,
  type GatewayEvent,
  type GatewayOptions,
  type GatewayQuestion,
} from './gateway.ts';
export { findIdentityTerms, type IdentityInput } from './identity-terms.ts';
export type { IdentityTerm } from './identity-text.ts';
export type { Outside } from './outside.ts';
export { PROVIDER } from './route.ts';
export { fetchServerSettings, SERVER_SETTINGS, type ServerSettings } from './server-settings.ts';
export { openUpstream } from './upstream.ts';
