import { describe, expect, it } from 'vitest';
import {
  clientState,
  filterUserSettings,
  lockedEnvironment,
  managedSettings,
  type SessionEnvironmentInput,
  sessionEnvironment,
} from '../../src/session/settings.ts';

const input: SessionEnvironmentInput = {
  port: 4321,
  authority: '/run/sotto/ca.pem',
  home: '/home/ada',
  user: 'ada',
  path: '/usr/bin:/bin',
  lent: { TERM: 'xterm', LANG: 'C.UTF-8' },
  identity: 'session',
};

describe('sessionEnvironment', () => {
  it('lends what it is given, and lets nothing lent move a request, a key or a home', () => {
    const env = sessionEnvironment({
      ...input,
      lent: {
        TERM: 'xterm',
        HOME: '/else',
        ANTHROPIC_BASE_URL: 'https://evil.example',
        NO_PROXY: '*',
        https_proxy: 'http://evil.example',
        ANTHROPIC_API_KEY: 'given',
        NODE_EXTRA_CA_CERTS: '/evil.pem',
        DISABLE_TELEMETRY: '',
        CLAUDE_CODE_FORCE_SESSION_PERSISTENCE: '1',
      },
    });
    expect(env).toMatchObject({
      TERM: 'xterm',
      HOME: '/home/ada',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4321',
      NO_PROXY: 'localhost,127.0.0.1,::1',
      https_proxy: 'http://127.0.0.1:4321',
      ANTHROPIC_API_KEY: '',
      NODE_EXTRA_CA_CERTS: '/run/sotto/ca.pem',
      DISABLE_TELEMETRY: '1',
      CLAUDE_CODE_FORCE_SESSION_PERSISTENCE: '',
    });
  });

  it('switches off every kind of traffic, record and second program that Claude Code has a name for', () => {
    expect(sessionEnvironment(input)).toMatchObject({
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_UPDATES: '1',
      DISABLE_FEEDBACK_COMMAND: '1',
      CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY: '1',
      CLAUDE_CODE_SKIP_PROMPT_HISTORY: '1',
      CLAUDE_CODE_DISABLE_FILE_CHECKPOINTING: '1',
      CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
      CLAUDE_CODE_AUTO_CONNECT_IDE: 'false',
      CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
      CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
    });
  });

  it('drops the attribution block only when policy drops identity', () => {
    expect(sessionEnvironment(input)).not.toHaveProperty('CLAUDE_CODE_ATTRIBUTION_HEADER');
    expect(sessionEnvironment({ ...input, identity: 'drop' })).toHaveProperty('CLAUDE_CODE_ATTRIBUTION_HEADER', '0');
  });

  it.each([
    'GIT_SSL_CAINFO',
    'CURL_CA_BUNDLE',
    'SSL_CERT_FILE',
    'REQUESTS_CA_BUNDLE',
    'CARGO_HTTP_CAINFO',
  ])('names the authority for each tool: %s', (name) =>
    expect(sessionEnvironment(input)).toHaveProperty(name, '/run/sotto/ca.pem'));

  it('tells Java of proxy and trust store together, or of neither', () => {
    expect(sessionEnvironment(input)).not.toHaveProperty('JAVA_TOOL_OPTIONS');
    const java = sessionEnvironment({ ...input, javaTrustStore: '/run/sotto/ca.p12' }).JAVA_TOOL_OPTIONS;
    expect(java).toContain('-Dhttps.proxyPort=4321');
    expect(java).toContain('-Djavax.net.ssl.trustStore=/run/sotto/ca.p12');
  });

  it('says that it is confined only to a session of uid 0, which asks for it', () => {
    expect(sessionEnvironment(input)).not.toHaveProperty('IS_SANDBOX');
    expect(sessionEnvironment({ ...input, root: true })).toHaveProperty('IS_SANDBOX', '1');
  });
});

describe('managedSettings', () => {
  const env = lockedEnvironment(input);
  const made = (organization: Record<string, unknown>) => managedSettings({ organization, env, identity: 'session' });

  it('repeats the locked environment, which then beats the settings of any project', () => {
    expect(made({}).env).toEqual(env);
    expect(
      made({ env: { ANTHROPIC_BASE_URL: 'https://evil.example', HTTPS_PROXY: 'http://evil.example' } }).env,
    ).toEqual(env);
  });

  it('keeps the rules of the organisation', () => {
    const rules = {
      permissions: { deny: ['Read(./private/**)'], disableBypassPermissionsMode: 'disable' },
      allowManagedHooksOnly: true,
      hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: '/opt/audit' }] }] },
      companyAnnouncements: ['hello'],
      env: { OTEL_METRICS_EXPORTER: 'otlp', CLAUDE_CODE_ENABLE_TELEMETRY: 1 },
    };
    const { env: merged, ...rest } = made(rules);
    const { env: given, ...kept } = rules;
    expect(rest).toMatchObject(kept);
    expect(merged).toMatchObject({ OTEL_METRICS_EXPORTER: 'otlp', CLAUDE_CODE_ENABLE_TELEMETRY: '1' });
    expect(given).toBeDefined();
  });

  it.each([
    { autoUploadSessions: true },
    { disableRemoteControl: false },
    { autoMemoryEnabled: true },
    { sandbox: { enabled: true, failIfUnavailable: true } },
  ])('lets nobody open a way around the session: %j', (setting) => {
    const [name] = Object.keys(setting) as [string];
    expect(made(setting)[name]).toEqual(made({})[name]);
    expect(made({})[name]).toBeDefined();
  });

  it.each([
    'apiKeyHelper',
    'forceLoginOrgUUID',
    'awsCredentialExport',
    'otelHeadersHelper',
    'processWrapper',
  ])('keeps %s outside, where it is done', (name) => expect(made({ [name]: 'x' })).not.toHaveProperty(name));

  it.each([
    'ACME_API_KEY',
    'AWS_BEARER_TOKEN_BEDROCK',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'CLAUDE_CODE_USE_BEDROCK',
    'DB_PASSWORD',
  ])('takes no %s of the organisation inside', (name) =>
    expect(made({ env: { [name]: 'x' } }).env).not.toHaveProperty(name));
});

describe('filterUserSettings', () => {
  it('keeps taste and rules, and nothing that names a program, a host or a credential outside', () => {
    const kept = { model: 'opus', theme: 'dark', outputStyle: 'terse' };
    const rules = { allow: ['Bash(ls:*)'], deny: ['Read(./x)'], defaultMode: 'plan' };
    const settings = {
      ...kept,
      permissions: { ...rules, additionalDirectories: ['/home/ada/other'] },
      env: { ACME_TOKEN: 'x' },
      apiKeyHelper: 'x',
      hooks: {},
      statusLine: { type: 'command', command: 'x' },
      enabledPlugins: {},
      extraKnownMarketplaces: {},
      somethingNobodyKnowsYet: 'x',
    };
    expect(filterUserSettings(settings)).toEqual({ ...kept, permissions: rules });
    expect(filterUserSettings({})).toEqual({});
  });
});

describe('clientState', () => {
  const host = {
    theme: 'dark',
    userID: 'f'.repeat(64),
    oauthAccount: { emailAddress: 'ada@example.com' },
    mcpServers: { x: { env: { TOKEN: 'x' } } },
    projects: {
      '/p': { hasTrustDialogAccepted: false, history: [{ display: 'old prompt' }], enabledMcpjsonServers: ['a'] },
      '/other': { history: [] },
    },
  };

  it('asks nothing at the start, and says nothing of other projects, prompts, account or device', () => {
    expect(clientState({ project: '/p', host, identity: 'session' })).toEqual({
      theme: 'dark',
      hasCompletedOnboarding: true,
      projects: { '/p': { enabledMcpjsonServers: ['a'], hasTrustDialogAccepted: true } },
    });
    expect(clientState({ project: '/new', host: {}, identity: 'session' })).toEqual({
      hasCompletedOnboarding: true,
      projects: { '/new': { hasTrustDialogAccepted: true } },
    });
  });

  it('keeps the device id when policy keeps identity', () => {
    expect(clientState({ project: '/p', host, identity: 'keep' })).toHaveProperty('userID', host.userID);
  });
});
