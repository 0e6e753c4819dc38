export { createGateway, type Gateway, type GatewayEvent, type GatewayOptions } from './gateway.ts';
export { PROVIDER } from './route.ts';
