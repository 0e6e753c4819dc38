import { codeTable } from '../code-entry.ts';

export const sessionCodes = codeTable({});
