// The table of what may leave; what is answered here stands in route-answers.ts. A row names host, method and path exactly; what no row names
// is refused. `source` says how the row is known, `date` when it was last looked at: Claude Code 2.1.330.

import { NOT_FOUND, PROVIDER, type Route } from './route.ts';
import { ANSWERED } from './route-answers.ts';

const DATE = '2026-11-22';

const INFERENCE: readonly Route[] = [
  {
    id: 'messages',
    host: PROVIDER,
    methods: ['POST'],
    path: '/v1/messages',
    action: 'check',
    query: { beta: /^true$/ },
    source: 'seen: print and interactive sessions; documented Messages API',
    date: DATE,
  },
  {
    id: 'count-tokens',
    host: PROVIDER,
    methods: ['POST'],
    path: '/v1/messages/count_tokens',
    action: 'check',
    query: { beta: /^true$/ },
    source: 'documented Messages API; the whole conversation goes there too',
    date: DATE,
  },
];

/** Reads about the account; they carry no body. Forwarded to the provider itself, answered where another upstream is set. */
const ACCOUNT: readonly Route[] = [
  {
    id: 'profile',
    host: PROVIDER,
    methods: ['GET'],
    path: '/api/oauth/profile',
    action: 'forward',
    answer: { status: 404, body: NOT_FOUND },
    source: 'seen with a stored login, also with a custom base URL',
    date: DATE,
  },
  {
    id: 'policy-limits',
    host: PROVIDER,
    methods: ['GET'],
    path: '/api/claude_code/policy_limits',
    action: 'forward',
    answer: { status: 404, body: NOT_FOUND },
    source: 'seen with the default base URL',
    date: DATE,
  },
  {
    id: 'managed-settings',
    host: PROVIDER,
    methods: ['GET'],
    path: '/api/claude_code/settings',
    // What the organisation manages there was asked for before the start and stands inside as a file: it does not change under a session.
    action: 'answer',
    answer: { status: 404, body: NOT_FOUND },
    source: 'seen with the default base URL',
    date: DATE,
  },
];

export const ROUTES: readonly Route[] = [...INFERENCE, ...ACCOUNT, ...ANSWERED];

/** The row of the table for a request, or undefined: refuse. */
export function findRoute(host: string, method: string, path: string): Route | undefined {
  return ROUTES.find((route) => route.host === host && route.methods.includes(method) && pathMatches(route.path, path));
}

function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return pattern === path;
  const wanted = pattern.split('/');
  const given = path.split('/');
  for (const [index, part] of wanted.entries()) {
    if (part === '**') return given.length > index;
    const segment = given[index];
    if (segment === undefined || (part === '*' ? segment === '' : part !== segment)) return false;
  }
  return given.length === wanted.length;
}

/** The query to send on, spelt anew from what the row allows; undefined when something else stands in it. */
export function allowedQuery(route: Route, query: string): string | undefined {
  if (query === '') return '';
  const kept: string[] = [];
  const seen = new Set<string>();
  for (const part of query.split('&')) {
    const [name, value, more] = part.split('=') as [string, string | undefined, string | undefined];
    const form = route.query !== undefined && Object.hasOwn(route.query, name) ? route.query[name] : undefined;
    if (form === undefined || more !== undefined || seen.has(name) || !form.test(value ?? '')) return undefined;
    seen.add(name);
    kept.push(`${name}=${value}`);
  }
  return `?${kept.join('&')}`;
}
