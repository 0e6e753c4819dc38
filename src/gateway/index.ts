export type { Gateway, GatewayEvent, GatewayOptions } from './gateway.ts';
// createGateway(options: GatewayOptions): Promise<Gateway>
