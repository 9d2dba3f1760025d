import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useRedisPorts } from '../../testing/redis.ts';
import { testBus } from './bus.suite.ts';

testBus(async () => (await useRedisPorts(randomUUID())).bus);

/** Two instances of one installation. */
async function useTwo() {
  const secret = randomUUID();
  return [await useRedisPorts(secret), await useRedisPorts(secret)] as const;
}

const pause = (ms = 100) => new Promise((resolve) => setTimeout(resolve, ms));

test('a message reaches other instances once, in order, and its own only directly', async () => {
  const [a, b] = await useTwo();
  const heard: string[] = [];
  a.bus.subscribe('topic', (message) => heard.push(`a${String(message)}`));
  b.bus.subscribe('topic', (message) => heard.push(`b${String(message)}`));
  await pause();
  for (let n = 0; n < 50; n += 1) void a.bus.publish('topic', n);
  await pause(200);
  const numbers = Array.from({ length: 50 }, (_, n) => n);
  expect(heard.filter((line) => line.startsWith('a'))).toEqual(numbers.map((n) => `a${n}`));
  expect(heard.filter((line) => line.startsWith('b'))).toEqual(numbers.map((n) => `b${n}`));
});

test('an ended subscription hears nothing more of other instances, a new one does', async () => {
  const [a, b] = await useTwo();
  const heard: unknown[] = [];
  b.bus.subscribe('topic', (message) => heard.push(message))();
  await pause();
  await a.bus.publish('topic', 'missed');
  await pause();
  b.bus.subscribe('topic', () => undefined)();
  b.bus.subscribe('topic', (message) => heard.push(message));
  await pause();
  await a.bus.publish('topic', 'heard');
  await pause();
  expect(heard).toEqual(['heard']);
});

test('what is not from an instance of this installation is ignored', async () => {
  const [a, b] = await useTwo();
  const stranger = await useRedisPorts(randomUUID());
  const heard: unknown[] = [];
  b.bus.subscribe('topic', (message) => heard.push(message));
  b.bus.subscribe('other', (message) => heard.push(message));
  await pause();
  const channel = `${b.seal.namespace}bus:topic`;
  const right = b.seal.close(channel, JSON.stringify({ from: 'x', message: 'right' }));
  const forged = [
    '',
    'nonsense',
    '{"from":"x","message":"forged"}',
    stranger.seal.close(channel, JSON.stringify({ from: 'x', message: 'of another secret' })),
    right.replace('right', 'wrong'),
    `\u0000${'ä'.repeat(1_000_000)}`,
  ];
  for (const text of forged) await a.commands.client.publish(channel, text);
  await a.commands.client.publish(`${b.seal.namespace}bus:other`, right); // moved to another topic
  await stranger.bus.publish('topic', 'of another installation');
  await a.commands.client.publish(channel, right);
  await pause();
  expect(heard).toEqual(['right']);
});

test('handlers that fail on a message of another instance do not end the process', async () => {
  const [a, b] = await useTwo();
  const heard: unknown[] = [];
  b.bus.subscribe('topic', (message) => {
    throw new Error(String((message as { ids: string[] }).ids.length));
  });
  b.bus.subscribe('topic', (message) => heard.push(message));
  await pause();
  for (const message of [null, 1, 'x', {}]) await a.bus.publish('topic', message);
  await pause();
  expect(heard).toEqual([null, 1, 'x', {}]);
});

test('a lost connection is told, and all topics are heard again after it', async () => {
  const [a, b] = await useTwo();
  const heard: unknown[] = [];
  const gaps: string[] = [];
  for (let n = 0; n < 1_200; n += 1) b.bus.subscribe(`t${n}`, (message) => heard.push(message));
  await pause();
  b.bus.onGap((state) => gaps.push(state));
  b.subscriber.client.stream.destroy();
  await pause(1_000);
  expect(gaps).toEqual(['lost', 'back']);
  for (const n of [0, 499, 500, 1_199]) await a.bus.publish(`t${n}`, n);
  await pause();
  expect(heard).toEqual([0, 499, 500, 1_199]);
});
