import { codeTable } from '../code-entry.ts';

export const accountCodes = codeTable({});
