// What the gateway costs: the same client, the same upstream over TLS, in one run, by each way: none, the gateway's two faces,
// and as peers two relays that only copy bytes. Upstream, gateway and relays are processes of their own, as in use.
//   npm run bench:gateway                   1 MB bodies of which 20 KB are new at each turn
//   npm run bench:gateway -- --turns 1000   longer, and see memory stay flat
import { fileURLToPath } from 'node:url';
import { firstBytes, throughput } from './gateway/measure.ts';
import { events } from './gateway/pace.ts';
import { playRole, startRoles } from './gateway/roles.ts';

/** Runs the bench; `--turns n`, `--only first|answers|events`. */
export async function bench(args: readonly string[]): Promise<number> {
  const after = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = after('--only');
  const roles = await startRoles(fileURLToPath(import.meta.url));
  try {
    if (only === undefined || only === 'first') await firstBytes(roles, Number(after('--turns') ?? 200));
    if (only === undefined || only === 'answers') await throughput(roles);
    if (only === undefined || only === 'events') await events(roles);
  } finally {
    await roles.stop();
  }
  return 0;
}

if (process.argv[2] === 'role') await playRole(process.argv.slice(3));
