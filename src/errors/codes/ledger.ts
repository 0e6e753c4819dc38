import { codeTable } from '../code-entry.ts';

export const ledgerCodes = codeTable({});
