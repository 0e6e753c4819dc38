// The environment of a session: incognito, one way out, no credential. The same values go into the managed settings as well,
// because a project's settings file beats the process environment and managed settings beat both (OBSERVED 33, 35).
// Facts named OBSERVED were seen with Claude Code 2.1.330; the others are from its manual, "Environment variables".
import type { Policy } from '../policy/index.ts';

export interface SessionEnvironmentInput {
  /** Port of the gateway's listener on the sandbox's own 127.0.0.1. */
  port: number;
  /** Path inside of a PEM file with the session's authority (and the system's, where policy tunnels hosts unopened). */
  authority: string;
  /** Path inside of a PKCS#12 trust store with the same for Java, which reads no PEM; Java gets no proxy without it. */
  javaTrustStore?: string;
  home: string;
  user: string;
  path: string;
  /** Variables of the person that policy lends, already scanned. */
  lent: Readonly<Record<string, string>>;
  identity: Policy['identity'];
  /** Started as uid 0 inside: Claude Code then asks for a sign that it is confined before it skips permissions (OBSERVED 61). */
  root?: boolean;
}

/** Stands where a credential would; the gateway replaces it. Not shaped like any vendor's token. */
export const DUMMY_TOKEN = 'the-gateway-holds-the-credential';

/** The whole environment of the program inside. What is locked beats what is lent. */
export function sessionEnvironment(input: SessionEnvironmentInput): Record<string, string> {
  return {
    ...input.lent,
    HOME: input.home,
    USER: input.user,
    LOGNAME: input.user,
    SHELL: '/bin/bash',
    PATH: input.path,
    TMPDIR: '/tmp',
    ...lockedEnvironment(input),
  };
}

/** The part that nothing inside may change: goes into process environment and managed settings alike. */
export function lockedEnvironment(input: SessionEnvironmentInput): Record<string, string> {
  return {
    ...QUIET,
    ...INCOGNITO,
    ...ONE_SESSION,
    ...CONFINED,
    ...(input.identity === 'drop' ? NAMELESS : {}),
    ...(input.root ? { IS_SANDBOX: '1' } : {}),
    ...providerOf(input),
    ...proxiesOf(input),
    ...authorityFor(input),
  };
}

/** Nothing but inference. With these two together not one name is looked up (OBSERVED 25, 26); the rest says it again in older words. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_UPDATES: '1',
  DISABLE_INSTALLATION_CHECKS: '1',
  // Both upload the transcript, which is then kept for years.
  DISABLE_FEEDBACK_COMMAND: '1',
  DISABLE_BUG_COMMAND: '1',
  CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY: '1',
  CLAUDE_CODE_ENABLE_FEEDBACK_SURVEY_FOR_OTEL: '',
  // Connectors and pages of the account, fetched by the provider's own servers.
  ENABLE_CLAUDEAI_MCP_SERVERS: 'false',
  CLAUDE_CODE_DISABLE_ARTIFACT: '1',
};

/** No transcript, history, memory or copies of files, even on the session's own tmpfs: the agent could read them back (OBSERVED 45). */
const INCOGNITO = {
  CLAUDE_CODE_SKIP_PROMPT_HISTORY: '1',
  CLAUDE_CODE_DISABLE_FILE_CHECKPOINTING: '1',
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
  // Empty is unset, and says so in managed settings too (OBSERVED 33): these two would write what the others keep from being written.
  CLAUDE_CODE_FORCE_SESSION_PERSISTENCE: '',
  OTEL_LOG_RAW_API_BODIES: '',
};

/** Stands for the trust of the folder, whose dialog would ask about a copy that is confined already (OBSERVED 61). */
const CONFINED = { CLAUDE_CODE_SANDBOXED: '1' };

/** No second program outside this session's sight, and no change of account within it. */
const ONE_SESSION = {
  CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
  // An attached editor shares its selection and open files, unredacted.
  CLAUDE_CODE_AUTO_CONNECT_IDE: 'false',
  CLAUDE_CODE_IDE_SKIP_AUTO_INSTALL: '1',
  DISABLE_LOGIN_COMMAND: '1',
  DISABLE_LOGOUT_COMMAND: '1',
  DISABLE_UPGRADE_COMMAND: '1',
  DISABLE_EXTRA_USAGE_COMMAND: '1',
  DISABLE_INSTALL_GITHUB_APP_COMMAND: '1',
};

/** Drops the block with client version and a fingerprint of the first prompt from the system prompt (OBSERVED 14). */
const NAMELESS = { CLAUDE_CODE_ATTRIBUTION_HEADER: '0' };

/** Inference by base URL: on the provider's own host the client would seal the body that the gateway redacts (OBSERVED 14). */
function providerOf(input: SessionEnvironmentInput): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${input.port}`,
    ANTHROPIC_AUTH_TOKEN: DUMMY_TOKEN,
    ANTHROPIC_API_KEY: '',
    CLAUDE_CODE_OAUTH_TOKEN: '',
    ANTHROPIC_UNIX_SOCKET: '',
    // Added to each request, or merged into each body, by whoever sets them.
    ANTHROPIC_CUSTOM_HEADERS: '',
    CLAUDE_CODE_EXTRA_BODY: '',
    // Settings files can then no longer move base URL, proxy, socket or key helper (OBSERVED 35).
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
  };
}

/** Programs ask in either case; Node's own fetch since 24 only when told to. */
function proxiesOf({ port }: SessionEnvironmentInput): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`;
  const local = 'localhost,127.0.0.1,::1';
  return {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    ALL_PROXY: proxy,
    all_proxy: proxy,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
    // There is no resolver inside; a name is the gateway's to look up.
    CLAUDE_CODE_PROXY_RESOLVES_HOSTS: '1',
  };
}

/** Each tool's own name for a file of authorities. */
function authorityFor({ authority, javaTrustStore, port }: SessionEnvironmentInput): Record<string, string> {
  const names = [
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE', // OpenSSL, Go, rustls-native-certs, uv
    'CURL_CA_BUNDLE',
    'GIT_SSL_CAINFO',
    'REQUESTS_CA_BUNDLE',
    'PIP_CERT',
    'CARGO_HTTP_CAINFO',
    // A file that npm was told of outside would count instead of the session's.
    'npm_config_cafile',
    'AWS_CA_BUNDLE',
    'DENO_CERT',
    'BUNDLE_SSL_CA_CERT',
    'COMPOSER_CAFILE',
    'NIX_SSL_CERT_FILE',
    'HEX_CACERTS_PATH',
    'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
    'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  ];
  const named = Object.fromEntries(names.map((name) => [name, authority]));
  return javaTrustStore === undefined ? named : { ...named, JAVA_TOOL_OPTIONS: javaOptions(javaTrustStore, port) };
}

function javaOptions(trustStore: string, port: number): string {
  const proxies = ['http', 'https'].flatMap((scheme) => [
    `${scheme}.proxyHost=127.0.0.1`,
    `${scheme}.proxyPort=${port}`,
  ]);
  return [...proxies, `javax.net.ssl.trustStore=${trustStore}`, 'javax.net.ssl.trustStoreType=PKCS12']
    .map((option) => `-D${option}`)
    .join(' ');
}
