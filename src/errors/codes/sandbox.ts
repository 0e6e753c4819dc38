import { codeTable } from '../code-entry.ts';

export const sandboxCodes = codeTable({});
