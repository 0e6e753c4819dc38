// One row of the table of routes, see routes.ts.

/** `check`: body inspected, redacted, forwarded. `forward`: no body, forwarded. `answer`: answered here, nothing leaves. */
export type RouteAction = 'check' | 'forward' | 'answer';

export interface Route {
  id: string;
  host: string;
  methods: readonly string[];
  /** Exact path; `*` stands for one segment, `**` at the end for any rest. */
  path: string;
  action: RouteAction;
  /** Query parameters that may stand, each with the one form of its value; others are refused, or ignored where we answer. */
  query?: Readonly<Record<string, RegExp>>;
  answer?: RouteAnswer;
  source: string;
  date: string;
}

/** What is answered here; of a form that the client takes as final, so that it does not keep events for later. */
export interface RouteAnswer {
  status: number;
  type?: string;
  body?: string;
}

/** The provider's own host; the base-URL face stands for it too. */
export const PROVIDER = 'api.anthropic.com';

/** An answer that says a thing is not there, in the provider's own shape. */
export const NOT_FOUND = JSON.stringify({ type: 'error', error: { type: 'not_found_error', message: 'not found' } });
