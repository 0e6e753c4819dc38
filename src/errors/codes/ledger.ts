import { codeTable } from '../code-entry.ts';

export const ledgerCodes = codeTable({
  'ledger.write': {
    sentence: (a) => `cannot write the ledger ${a.path}: ${a.why}`,
    hint: () => 'nothing is sent unrecorded: make room or make the folder writable, then try again',
  },
  'ledger.folder': {
    sentence: (a) => `the folder of the ledger is not a private folder of yours: ${a.path}`,
    hint: () => 'move it away, or set XDG_STATE_HOME to a folder that only you can write',
  },
  'ledger.key': {
    sentence: (a) => `the signing key of the ledger cannot be used: ${a.path} (${a.why})`,
    hint: () => 'look who changed it; move it away and a new one is made, old ledgers are then checked with `--key`',
  },
  'ledger.send': {
    sentence: (a) => `the collector at ${a.host} did not take the ledger: ${a.why}`,
    hint: () =>
      'the address is that of OTLP over HTTP without `/v1/logs`, port 4318 by default; headers come from OTEL_EXPORTER_OTLP_HEADERS',
  },
  'ledger.not-found': {
    sentence: (a) => `no ledger of session ${a.session} in ${a.folder}`,
    hint: () => '`sotto report --list` shows the sessions that were recorded',
    exit: 2,
  },
});
