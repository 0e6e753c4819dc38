export { CODES, type Code, type CodeArgs } from './codes.ts';
export { Refusal, rethrowRefusal } from './refusal.ts';
