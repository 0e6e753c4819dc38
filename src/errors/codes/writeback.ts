import { codeTable } from '../code-entry.ts';

export const writebackCodes = codeTable({});
