// Answers at the pace that real ones have: many streams side by side, each of 200 events a second.
import type { Way } from './client.ts';
import { line } from './measure.ts';
import type { Roles } from './roles.ts';
import { bodyOf, message } from './text.ts';
import { EVENTS, PACED } from './upstream.ts';

const STREAMS = 8;

export async function events({ none, base, proxy, bareBase, gateway }: Roles): Promise<void> {
  console.log(
    `\n${STREAMS} answers side by side, ${EVENTS.rate} events a second each: delay of an event (ms)     p50      p99`,
  );
  const before = await gateway.usage();
  let direct = 0;
  for (const way of [none, bareBase, base, proxy]) {
    const { delays, rate } = await run(way);
    if (way === none) direct = rate;
    line(`${way.name}: ${rate.toFixed(0)} events/s, ${((100 * rate) / direct).toFixed(1)} % of none`, delays);
  }
  const spent = ((await gateway.usage()).cpu - before.cpu) / (2 * EVENTS.seconds * 1000);
  console.log(`  target: >= 90 % of none; the gateway takes ${(100 * spent).toFixed(0)} % of one core`);
}

async function run(way: Way): Promise<{ delays: number[]; rate: number }> {
  const delays: number[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: STREAMS }, (_, stream) => {
      let rest = '';
      return way.send(bodyOf([message('user', PACED, `stream ${stream}`)]), 'cli-bg', (piece) => {
        const now = process.hrtime.bigint();
        const lines = (rest + piece.toString('latin1')).split('\n');
        rest = lines.pop() as string;
        for (const each of lines) {
          const at = /"at":"(\d+)"/.exec(each)?.[1];
          if (at !== undefined) delays.push(Number(now - BigInt(at)) / 1e6);
        }
      });
    }),
  );
  return { delays, rate: delays.length / ((performance.now() - start) / 1000) };
}
