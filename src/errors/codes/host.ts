import { codeTable } from '../code-entry.ts';

export const hostCodes = codeTable({
  'host.platform': {
    sentence: (a) => `sotto cannot confine a program on ${a.platform}`,
    hint: () => 'supported today: Linux with bubblewrap, and WSL2 on Windows',
    exit: 126,
  },
  'host.not-found': {
    sentence: (a) => `program not found: ${a.program}`,
    hint: (a) => `${a.how}`,
    exit: 127,
  },
  'host.cancelled': {
    sentence: () => 'cancelled',
    exit: 130,
  },
  'host.too-much': {
    sentence: (a) => `standard input holds more than ${a.largest} bytes`,
    exit: 2,
  },
});
