import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useRedisPorts } from '../../testing/redis.ts';

test('keys in Redis hold no e-mail, address, person or search in clear', async () => {
  const { limits, cache, commands, seal } = await useRedisPorts(randomUUID());
  const words = ['ada@example.org', '203.0.113.60', 'user:ada', 'who stole the lamp'];
  await limits.take('login-account', `${words[0]}|${words[1]}`);
  await limits.take('register', `POST /auth/register|address:${words[1]}`);
  await limits.take('write', `POST /spaces|${words[2]}`);
  const hold = await limits.enter('ai', words[2] ?? '');
  await cache.load(`ranking:${words[3]}`, 60_000, () => Promise.resolve({ found: 1 }));
  await cache.drop(`ranking:${words[0]}`);
  const keys = await commands.client.keys(`${seal.namespace}*`);
  if (hold.isAllowed) await hold.release();
  expect(keys.length).toBeGreaterThan(5);
  for (const word of words) expect(keys.filter((key) => key.includes(word))).toEqual([]);
  // A guess cannot be compared without the secret.
  const other = await useRedisPorts(randomUUID());
  expect(other.seal.hide(words[0] ?? '')).not.toBe(seal.hide(words[0] ?? ''));
});
