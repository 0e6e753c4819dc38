import { codeTable } from '../code-entry.ts';

export const gatewayCodes = codeTable({});
