import { codeTable } from '../code-entry.ts';

export const scanCodes = codeTable({});
