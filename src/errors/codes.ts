// Every way this program can refuse: code, sentence, hint, exit status. One table a room, joined here.
// A code is `room.what`; sentences are lower case without a full stop and say what and where.
import { accountCodes } from './codes/account.ts';
import { gatewayCodes } from './codes/gateway.ts';
import { hostCodes } from './codes/host.ts';
import { ledgerCodes } from './codes/ledger.ts';
import { policyCodes } from './codes/policy.ts';
import { sandboxCodes } from './codes/sandbox.ts';
import { scanCodes } from './codes/scan.ts';
import { sessionCodes } from './codes/session.ts';
import { workspaceCodes } from './codes/workspace.ts';
import { writebackCodes } from './codes/writeback.ts';

export const CODES = {
  ...hostCodes,
  ...policyCodes,
  ...scanCodes,
  ...workspaceCodes,
  ...sandboxCodes,
  ...ledgerCodes,
  ...accountCodes,
  ...gatewayCodes,
  ...writebackCodes,
  ...sessionCodes,
};

export type Code = keyof typeof CODES;
export type { CodeArgs } from './code-entry.ts';
