// Rows that are answered here: telemetry, feature gates, error reports, surveys, feedback, changelog, update checks.
// `binary`: the shape that the client wants was read in the program itself; `seen`: the request was recorded.
import { NOT_FOUND, PROVIDER, type Route, type RouteAnswer } from './route.ts';

const DATE = '2026-11-22';
const NOTHING: RouteAnswer = { status: 200, body: '{}' };
const ABSENT: RouteAnswer = { status: 404, body: NOT_FOUND };

type Row = readonly [
  id: string,
  host: string,
  methods: readonly string[],
  path: string,
  answer: RouteAnswer,
  source: string,
];

const json = (value: unknown): RouteAnswer => ({ status: 200, body: JSON.stringify(value) });

const ROWS: readonly Row[] = [
  ['hello', PROVIDER, ['HEAD', 'GET'], '/api/hello', json({ message: 'hello' }), 'seen'],
  ['events', PROVIDER, ['POST'], '/api/event_logging/v2/batch', json({ accepted_count: 0, rejected_count: 0 }), 'seen'],
  [
    'events-1',
    PROVIDER,
    ['POST'],
    '/api/event_logging/batch',
    json({ accepted_count: 0, rejected_count: 0 }),
    'binary',
  ],
  ['gates', PROVIDER, ['POST'], '/api/eval/*', json({ features: {} }), 'seen'],
  [
    'bootstrap',
    PROVIDER,
    ['GET'],
    '/api/claude_cli/bootstrap',
    json({ client_data: null, additional_model_options: [] }),
    'seen',
  ],
  ['fast-mode', PROVIDER, ['GET'], '/api/claude_code_penguin_mode', json({ enabled: false }), 'seen'],
  ['directory', PROVIDER, ['GET'], '/api/directory/server-urls', json({ urls: [] }), 'seen'],
  ['metrics', PROVIDER, ['POST'], '/api/claude_code/metrics', json({ accepted_count: 0, rejected_count: 0 }), 'binary'],
  [
    'metrics-gate',
    PROVIDER,
    ['GET'],
    '/api/claude_code/organizations/metrics_enabled',
    json({ metrics_logging_enabled: false }),
    'binary',
  ],
  [
    'feedback',
    PROVIDER,
    ['POST'],
    '/api/claude_cli_feedback',
    json({ feedback_id: 'kept-by-sotto-not-sent' }),
    'binary',
  ],
  ['web-check', PROVIDER, ['GET'], '/api/web/domain_info', json({ can_fetch: false }), 'binary'],
  ['grove', PROVIDER, ['GET', 'POST', 'PATCH'], '/api/oauth/account/**', ABSENT, 'binary'],
  ['usage', PROVIDER, ['GET'], '/api/oauth/usage', ABSENT, 'binary'],
  ['roles', PROVIDER, ['GET'], '/api/oauth/claude_cli/roles', ABSENT, 'binary'],
  [
    'models',
    PROVIDER,
    ['GET'],
    '/v1/models',
    json({ data: [], has_more: false, first_id: null, last_id: null }),
    'seen with gateway model discovery',
  ],
  [
    'changelog',
    'raw.githubusercontent.com',
    ['GET', 'HEAD'],
    '/anthropics/claude-code/**',
    { status: 200, type: 'text/plain; charset=utf-8', body: '' },
    'seen',
  ],
  [
    'downloads',
    'downloads.claude.ai',
    ['GET', 'HEAD'],
    '/**',
    { status: 404, type: 'text/plain; charset=utf-8', body: '' },
    'seen: plugin marketplace, updates',
  ],
  [
    'plugin-counts',
    'storage.googleapis.com',
    ['GET', 'HEAD'],
    '/**',
    { status: 404, type: 'text/plain; charset=utf-8', body: '' },
    'documented',
  ],
  ['datadog-logs', 'http-intake.logs.us5.datadoghq.com', ['POST'], '/**', { status: 202, body: '{}' }, 'binary'],
  ['datadog-rum', 'browser-intake-us5-datadoghq.com', ['POST'], '/**', { status: 202, body: '{}' }, 'binary'],
  [
    'statsig',
    'statsig.anthropic.com',
    ['POST', 'GET'],
    '/**',
    { status: 202, body: '{"success":true}' },
    'older clients',
  ],
  [
    'statsig-api',
    'api.statsig.com',
    ['POST', 'GET'],
    '/**',
    { status: 202, body: '{"success":true}' },
    'older clients',
  ],
  ['sentry', 'o1158394.ingest.us.sentry.io', ['POST'], '/**', NOTHING, 'older clients'],
];

export const ANSWERED: readonly Route[] = ROWS.map(([id, host, methods, path, answer, source]) => ({
  id,
  host,
  methods,
  path,
  action: 'answer',
  answer,
  source,
  date: DATE,
}));
