import { codeTable } from '../code-entry.ts';

export const policyCodes = codeTable({});
