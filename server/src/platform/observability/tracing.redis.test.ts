import { expect, test } from 'vitest';
import * as spaces from '@teambrain/contract/spaces.ts';
import { register } from '../../testing/people.ts';
import { sharedRedisUrl } from '../../testing/redis.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { useTraceReceiver } from '../../testing/trace-receiver.ts';

test('what a request asks of Redis is part of its trace, without keys and values', async () => {
  const receiver = await useTraceReceiver();
  const config = { tracesEndpoint: receiver.url, redisUrl: sharedRedisUrl() };
  const { url } = await useTestApp({ config });
  const { call, id } = await register(url);
  await call(spaces.createSpace, { body: { name: 'S', visibility: 'public' } });
  const request = await receiver.find('POST /api/spaces');
  const commands = receiver.spans.filter(
    (span) => span.traceId === request.traceId && span.name.startsWith('redis '),
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const { parentSpanId, attributes } of commands) {
    expect(parentSpanId).toBeTruthy();
    // A script that Redis does not know yet is an error of the first use.
    const keys = attributes.map(({ key }) => key).filter((key) => key !== 'error.type');
    expect(keys.sort()).toEqual(['db.operation.name', 'db.system.name']);
  }
  expect(receiver.spans.map(({ name }) => name)).not.toContain('redis ping');
  expect(receiver.received()).not.toContain(id);
});
