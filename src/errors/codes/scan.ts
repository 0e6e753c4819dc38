import { codeTable } from '../code-entry.ts';

export const scanCodes = codeTable({
  'scan.bad-pack': {
    sentence: (a) => `rule pack ${a.file}:${a.line} is not valid: ${a.reason}`,
    hint: () => 'mend the line, then try it with: sotto patterns check <pack>',
    exit: 2,
  },
  'scan.pack-missing': {
    sentence: (a) => `rule pack not found: ${a.file}`,
    hint: () => 'packs are named by absolute path or as an installed npm package',
    exit: 2,
  },
  'scan.bad-baseline': {
    sentence: (a) => `this is no baseline: ${a.file}`,
    hint: () => 'write one with: sotto scan --write-baseline <file>',
    exit: 2,
  },
  'scan.not-found': {
    sentence: (a) => `no such file or folder: ${a.path}`,
    exit: 2,
  },
  'scan.no-repository': {
    sentence: (a) => `staged files cannot be listed: ${a.reason}`,
    hint: () => 'run this inside a git repository',
    exit: 2,
  },
  'scan.worker': {
    sentence: (a) => `a scanning thread stopped before its end: ${a.reason}`,
    hint: () => 'nothing was sent; run `npm run build` if you work on sotto itself',
  },
});
