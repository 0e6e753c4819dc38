// Time to the first byte, processor time, memory, and answers as fast as they go.
import { availableParallelism } from 'node:os';
import type { Way } from './client.ts';
import type { Role, Roles } from './roles.ts';
import { bodyOf, conversation, message } from './text.ts';
import { ANSWER } from './upstream.ts';

const BODY = 1024 * 1024;
const NEW = 20 * 1024;
const MB = 1024 * 1024;
const RUNS = 7;
const WARMING = 4;
const COLD = 20;

/** Each turn is sent by every way, another first at each turn. */
export async function firstBytes(roles: Roles, turns: number): Promise<void> {
  const { none, base, proxy, bareBase, gateway } = roles;
  const ways = [none, bareBase, base, proxy];
  const times = new Map<Way, number[]>(ways.map((way) => [way, []]));
  const cold = await coldBodies(roles);
  const messages = conversation(BODY - NEW, 'warm');
  const turnBody = (turn: number) => bodyOf([...messages, message('user', NEW, `turn ${turn}`)]);
  for (let turn = 0; turn < 20; turn++) for (const way of ways) await way.send(turnBody(-1 - turn), 'cli');
  const held = await gateway.usage('memory');
  const before = await gateway.usage();
  for (let turn = 0; turn < turns; turn++) {
    for (let index = 0; index < ways.length; index++) {
      const way = ways[(turn + index) % ways.length] as Way;
      // A body of its own for each way: for none of them anything of the last 20 KB is known.
      times.get(way)?.push(await firstByte(way, turnBody(turn * ways.length + index)));
    }
  }
  const after = await gateway.usage();
  const holds = await gateway.usage('memory');
  const direct = times.get(none) as number[];
  console.log(`time to first byte, 1 MB body, 20 KB new, ${turns} turns (ms)           p50      p99`);
  line('none (TLS to the upstream)', direct);
  for (const way of [bareBase, base, proxy]) {
    const added = (times.get(way) as number[]).map((time, turn) => time - (direct[turn] as number));
    line(`added by ${way === bareBase ? 'a relay of bare bytes' : `the gateway, ${way.name}`}`, added);
  }
  console.log(`  target: added p50 <= 3, p99 <= 10`);
  console.log(`  processor time of the gateway: ${((after.cpu - before.cpu) / turns / 2).toFixed(2)} ms a turn`);
  line(`added by the first check of a 1 MB body (${COLD} bodies)`, cold.added);
  line('processor time meanwhile, compiling and collecting included', cold.spent);
  console.log('  target: p50 <= 30');
  console.log(
    `memory of the gateway, before and after: heap ${mb(held.heap)} and ${mb(holds.heap)} MB, resident ${mb(held.rss)} and ${mb(holds.rss)} MB`,
  );
}

/** Bodies of which nothing is known yet: what they add to the first byte, and what the whole process spends meanwhile. */
async function coldBodies({ none, base, gateway }: Roles): Promise<{ added: number[]; spent: number[] }> {
  const added: number[] = [];
  const spent: number[] = [];
  for (let run = 0; run < WARMING + COLD; run++) {
    const body = bodyOf(conversation(BODY, `cold ${run}`));
    const direct = await firstByte(none, body);
    const before = await gateway.usage();
    const through = await firstByte(base, body);
    const after = await gateway.usage();
    if (run < WARMING) continue; // compiled as they run
    added.push(through - direct);
    spent.push(after.cpu - before.cpu);
  }
  return { added, spent };
}

async function firstByte(way: Way, body: Buffer): Promise<number> {
  const start = performance.now();
  return (await way.send(body, 'cli')).first - start;
}

/** As fast as it goes; what the process in the middle spends says what limits where the cores are fewer than the processes. */
export async function throughput(roles: Roles): Promise<void> {
  const { none, base, proxy, bareBase, bareProxy, gateway, relay } = roles;
  const rows: [Way, Role | undefined][] = [
    [none, undefined],
    [bareBase, relay],
    [base, gateway],
    [bareProxy, relay],
    [proxy, gateway],
  ];
  const best = new Map<Way, number>();
  const spent = new Map<Way, number>();
  for (let run = 0; run < RUNS; run++) {
    for (const [way, middle] of rows) {
      const before = await middle?.usage();
      const start = performance.now();
      const { end } = await way.send(bodyOf([]), 'cli-bg');
      const rate = ANSWER / MB / ((end - start) / 1000);
      best.set(way, Math.max(best.get(way) ?? 0, rate));
      const cpu = middle === undefined ? 0 : (await middle.usage()).cpu - (before?.cpu ?? 0);
      spent.set(way, Math.min(spent.get(way) ?? Number.POSITIVE_INFINITY, cpu));
    }
  }
  const rate = (way: Way) => best.get(way) as number;
  const share = (way: Way, of: Way) => `${((100 * rate(way)) / rate(of)).toFixed(0)} %`;
  console.log(
    `\nanswer of 64 MB as fast as it goes, best of ${RUNS}       MB/s   of none  of the bare relay   ms of processor in the middle`,
  );
  for (const [way] of rows) {
    const bare = way === base ? share(base, bareBase) : way === proxy ? share(proxy, bareProxy) : '';
    const cells = [rate(way).toFixed(0).padStart(7), share(way, none).padStart(9), bare.padStart(18)];
    console.log(`  ${way.name.padEnd(50)}${cells.join(' ')} ${(spent.get(way) as number).toFixed(0).padStart(20)}`);
  }
  console.log(
    `  target: >= 90 % of none. Here ${availableParallelism()} cores carry client, upstream and what stands between;`,
  );
  console.log('  no process between them can be faster than the relay that only copies bytes.');
}

export function line(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number).toFixed(2);
  console.log(`  ${what.padEnd(64)} ${at(0.5).padStart(8)} ${at(0.99).padStart(8)}`);
}

const mb = (bytes: number) => Math.round(bytes / MB);
