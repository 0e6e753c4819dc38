// The files that Claude Code finds inside: managed settings, the person's settings, its own state. Values in, values out.
// They are read by the agent as well: whoever writes them passes their text through the scanner first.
import { mergeSettings, type Settings } from '../account/index.ts';
import type { Policy } from '../policy/index.ts';
import { statusLine } from './status-line.ts';

export { lockedEnvironment, type SessionEnvironmentInput, sessionEnvironment } from './session-environment.ts';

export interface ManagedSettingsInput {
  /** What the host's own /etc/claude-code holds; an organisation's rules must not be lost inside. */
  organization: Settings;
  /** {@link lockedEnvironment} of the session. */
  env: Readonly<Record<string, string>>;
  identity: Policy['identity'];
  /** The person's own status line, which is kept below sotto's. */
  statusLine?: unknown;
}

/** Settings keys of an organisation that have no meaning inside, because sotto does the same outside. */
const DONE_OUTSIDE = [
  // Kept by `checkAccount`; inside, the client would ask the provider about a dummy and refuse (OBSERVED 77).
  'forceLoginMethod',
  'forceLoginOrgUUID',
  // Commands that fetch credentials: they run outside, or not at all.
  'apiKeyHelper',
  'awsAuthRefresh',
  'awsCredentialExport',
  'gcpAuthRefresh',
  'otelHeadersHelper',
  'proxyAuthHelper',
  'processWrapper',
];

/** Names whose values are credentials, or move requests to somewhere else. */
const NOT_FOR_INSIDE =
  /TOKEN$|KEY$|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|HEADERS|_CERT$|^CLAUDE_CODE_USE_(?!POWERSHELL|NATIVE)|_BASE_URL$|^AWS_|^GOOGLE_|PROXY/i;

/** The managed settings of the session (`/etc/claude-code/managed-settings.json` inside): the organisation's, then sotto's own over them. */
export function managedSettings({ organization, env, identity, statusLine: own }: ManagedSettingsInput): Settings {
  const kept = without(organization, [...DONE_OUTSIDE, 'env', 'sandbox']);
  const orgEnv = Object.entries((organization.env ?? {}) as Record<string, unknown>)
    .filter(([name]) => !NOT_FOR_INSIDE.test(name))
    .map(([name, value]) => [name, String(value)]);
  return mergeSettings(kept, {
    ...LOCKS,
    ...(identity === 'drop' ? WITHOUT_IDENTITY : {}),
    // Here and not among the person's: with `allowManagedHooksOnly` no other status line is shown.
    statusLine: statusLine(organization.statusLine ?? own),
    env: { ...Object.fromEntries(orgEnv), ...env },
  });
}

/** Ways around the one session, closed by name; keys from Claude Code's manual, "Settings", and OBSERVED 78. */
const LOCKS: Settings = {
  disableRemoteControl: true,
  disableAgentView: true,
  enableArtifact: false,
  disableClaudeAiConnectors: true,
  disableDeepLinkRegistration: 'disable',
  autoUploadSessions: false,
  autoMemoryEnabled: false,
  fileCheckpointingEnabled: false,
  // Else each WebFetch asks the provider about the host first (OBSERVED 31).
  skipWebFetchPreflight: true,
  // A sandbox within the sandbox cannot be made, and must not stop the start; sotto's holds every program, not only Bash.
  sandbox: { enabled: false },
};

/** Auto mode sends user, home, git remotes and all permission rules with each request (OBSERVED 12); so do the git instructions. */
const WITHOUT_IDENTITY: Settings = { disableAutoMode: 'disable', includeGitInstructions: false };

/** Keys of the person's settings that are about taste and rules. All others name programs, hosts or credentials outside. */
const LENT_SETTINGS = [
  ...['model', 'availableModels', 'effortLevel', 'alwaysThinkingEnabled', 'showThinkingSummaries', 'fastMode'],
  ...['theme', 'tui', 'outputStyle', 'language', 'editorMode', 'verbose', 'viewMode', 'prefersReducedMotion'],
  ...[
    'spinnerTipsEnabled',
    'spinnerVerbs',
    'terminalProgressBarEnabled',
    'showTurnDuration',
    'syntaxHighlightingDisabled',
  ],
  ...['attribution', 'includeCoAuthoredBy', 'includeGitInstructions', 'respectGitignore', 'respondToBashCommands'],
  ...['claudeMdExcludes', 'autoCompactEnabled', 'autoScrollEnabled', 'preferredNotifChannel', 'disableAutoMode'],
];

const LENT_PERMISSIONS = ['allow', 'ask', 'deny', 'defaultMode', 'disableBypassPermissionsMode', 'disableAutoMode'];

/**
 * The person's settings as they are lent to a session. Hooks stay outside: they are programs of the host and would fail inside;
 * the status line is kept by {@link managedSettings}; `env`, key helpers, plugins, additional directories and MCP servers likewise.
 */
export function filterUserSettings(settings: Settings): Settings {
  const lent = only(settings, LENT_SETTINGS);
  const { permissions } = settings;
  if (permissions === null || typeof permissions !== 'object') return lent;
  return { ...lent, permissions: only(permissions as Settings, LENT_PERMISSIONS) };
}

export interface ClientStateInput {
  /** Absolute path of the project, the same inside and outside. */
  project: string;
  /** The person's own `.claude.json`. */
  host: Settings;
  identity: Policy['identity'];
}

/** Keys of `.claude.json` that keep a fresh configuration from asking and explaining again. */
const LENT_STATE = [
  ...['theme', 'editorMode', 'verbose', 'autoCompactEnabled', 'preferredNotifChannel', 'diffTool'],
  ...['lastOnboardingVersion', 'lastReleaseNotesSeen', 'numStartups', 'hasUsedBackslashReturn'],
  ...['shiftEnterKeyBindingInstalled', 'optionAsMetaKeyInstalled', 'bypassPermissionsModeAccepted'],
];

/** What the person decided about this project's own tools. */
const LENT_PROJECT_STATE = ['allowedTools', 'enabledMcpjsonServers', 'disabledMcpjsonServers'];

/**
 * `.claude.json` of the session: no first-run questions, the project trusted (it is confined; OBSERVED 61 has the minimum).
 * Without `userID` the client makes a new device id, so that sessions cannot be linked (OBSERVED 11).
 */
export function clientState({ project, host, identity }: ClientStateInput): Settings {
  const known = (host.projects as Record<string, Settings> | undefined)?.[project] ?? {};
  return {
    ...only(host, LENT_STATE),
    ...(identity === 'keep' ? only(host, ['userID']) : {}),
    hasCompletedOnboarding: true,
    projects: { [project]: { ...only(known, LENT_PROJECT_STATE), hasTrustDialogAccepted: true } },
  };
}

function only(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}

function without(settings: Settings, names: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));
}
