import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { collectYoung } from '../../src/host/index.ts';

const MB = 1024 * 1024;

it('frees buffers that nobody holds, and leaves those that somebody does', async () => {
  collectYoung();
  const held = Buffer.allocUnsafeSlow(MB).fill(7);
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 20; count++) Buffer.allocUnsafeSlow(MB);
  expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(before + 15 * MB);
  // A thread of its own gives the memory back; the next collection counts it.
  for (let tries = 0; tries < 50 && process.memoryUsage().arrayBuffers > before + 5 * MB; tries++) {
    collectYoung();
    await sleep(10);
  }
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + 5 * MB);
  expect(held.every((byte) => byte === 7)).toBe(true);
});

it('leaves no collector lying about', () => {
  collectYoung();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
