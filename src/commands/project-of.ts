import type { HostEnvironment } from '../host/index.ts';
import type { LoadInput } from '../policy/index.ts';
import { findRoot } from '../session/index.ts';

/** The project that a session started here would have, as input for its policy. @throws Refusal `session.root-too-wide` */
export function projectOf(host: HostEnvironment): LoadInput {
  return { root: findRoot(host), home: host.home, env: host.variables };
}
