import { codeTable } from '../code-entry.ts';

export const workspaceCodes = codeTable({});
