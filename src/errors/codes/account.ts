import { codeTable } from '../code-entry.ts';

/** What mends a refused credential, by its kind. */
const REJECTED: Readonly<Record<string, string>> = {
  'api-key': 'set ANTHROPIC_API_KEY to a key that is valid, and start again',
  'auth-token': 'set ANTHROPIC_AUTH_TOKEN to a token that is valid, and start again',
  'api-key-helper':
    'run the command of `apiKeyHelper` by hand to see what it prints; the session can go on, it is run again',
  'setup-token': 'keep a new one with `sotto login`, and start again',
  login:
    'sign in again outside (`command claude auth login`); the session can go on, the login is read for each request',
};

export const accountCodes = codeTable({
  'account.none': {
    sentence: () => 'no credential for Claude Code was found',
    hint: () =>
      'sign in outside (`command claude auth login`), keep a long-lived token with `sotto login`, or set ANTHROPIC_API_KEY',
  },
  'account.expired': {
    sentence: (a) => `the login in ${a.path} expired at ${a.when}`,
    hint: () =>
      'start Claude Code once without sotto (`command claude`), which renews it; sotto never renews a copy. `sotto login` keeps a token that lasts a year',
  },
  'account.signed-out': {
    sentence: (a) => `the login in ${a.path} is gone`,
    hint: () => 'sign in again outside: `command claude auth login`',
  },
  'account.provider': {
    sentence: (a) =>
      `${a.name} is set in ${a.where}: sotto cannot sign requests to ${a.provider} yet, nothing was sent`,
    hint: () =>
      'unset it to use the Anthropic API, or reach that provider through a gateway that signs (ANTHROPIC_BASE_URL, or `upstream` in the policy)',
  },
  'account.profile': {
    sentence: (a) => `${a.name} is set: sotto cannot read credentials of a named profile yet`,
    hint: () => 'unset it, or keep a long-lived token with `sotto login`',
  },
  'account.rejected': {
    sentence: (a) => `the provider does not accept the credential (${a.kind})`,
    hint: (a) => REJECTED[a.kind as string] ?? 'set it anew, then go on: it is read again for each request',
  },
  'account.base-url': {
    sentence: () => 'ANTHROPIC_BASE_URL is not an http or https URL',
    hint: () => 'mend it in the shell or in your Claude Code settings, or name the gateway as `upstream` in the policy',
  },
  'account.proxy': {
    sentence: () => 'HTTPS_PROXY is not an http or https URL, and nothing else can be used as a proxy',
    hint: () =>
      'mend it in the shell or in your Claude Code settings; SOCKS proxies do not work with Claude Code either',
  },
  'account.file': {
    sentence: (a) => `cannot read ${a.path}: ${a.why}`,
    hint: () => 'mend the file or move it away',
  },
  'account.open-file': {
    sentence: (a) => `others can read the credential in ${a.path}`,
    hint: (a) => `chmod 600 ${a.path}, and have the token replaced if somebody may have seen it`,
  },
  'account.malformed': {
    sentence: (a) => `the credential from ${a.source} is empty or has characters that no token has`,
    hint: () => 'set it again; line breaks and quotes come in by copying',
  },
  'account.helper': {
    sentence: (a) => `apiKeyHelper ended with status ${a.status}`,
    hint: () => 'run the command of `apiKeyHelper` in your Claude Code settings by hand to see why',
  },
  'account.organization': {
    sentence: (a) => `signed in to organization ${a.found}, but ${a.demands} demands ${a.wanted}`,
    hint: () => 'sign in with the account of that organization: `command claude auth login`',
  },
  'account.method': {
    sentence: (a) => `${a.demands} does not allow a credential of kind ${a.kind}`,
    hint: (a) => `sign in as it demands (${a.wanted}): \`command claude auth login\``,
  },
  'account.policy-helper': {
    sentence: (a) => `the settings in ${a.folder} are computed by a program (policyHelper), which sotto cannot ask yet`,
    hint: () => 'ask whoever manages this machine to lay the same settings down as a file',
  },
  'account.setup-token': {
    sentence: (a) => `\`claude setup-token\` ended with status ${a.status}; nothing was kept`,
    hint: () => 'it needs a subscription and a browser; or keep a token you have: `sotto login --stdin < file`',
  },
  'account.no-terminal': {
    sentence: () => '`sotto login` needs a terminal, or the token on standard input',
    hint: () => 'run it in a terminal, or: `sotto login --stdin < file`',
    exit: 2,
  },
});
