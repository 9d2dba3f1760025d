import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { search } from '@teambrain/contract/search.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { register } from '../../testing/people.ts';
import { openTestDatabase, useTestApp } from '../../testing/test-app.ts';
import { useTraceReceiver, type ReceivedSpan } from '../../testing/trace-receiver.ts';
import { createLog } from '../core/log.ts';

const loaded = (name: string) =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) =>
    file.includes(`/node_modules/${name}`),
  ).length;

const POST = 'POST /api/spaces/:spaceId/messages';

// First, while nothing in this process has traced.
test('without an endpoint no package of OpenTelemetry is loaded', async () => {
  const { url } = await useTestApp();
  await register(url);
  expect([loaded('@opentelemetry/'), loaded('prom-client/')]).toEqual([0, 0]);
});

test('a request, its transactions and the encoder make one trace, of kinds and counts alone', async () => {
  const receiver = await useTraceReceiver();
  const app = await useTestApp({ config: { tracesEndpoint: receiver.url } });
  expect(loaded('@opentelemetry/')).toBeGreaterThan(0);
  const { url } = app;
  const person = await register(url, 'Cnry Marple');
  const { id: spaceId } = await person.call(spaces.createSpace, {
    body: { name: 'CNRY-space', visibility: 'protected', password: 'CNRY-password' },
  });
  await person.call(chat.postMessage, { params: { spaceId }, body: { text: 'CNRY-text' } });
  await person.call(search, { query: { q: 'CNRY-query' } });

  const post = await receiver.find(POST);
  expect(post).toMatchObject({ kind: 2 });
  const childrenOf = ({ traceId, spanId }: ReceivedSpan) =>
    receiver.spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);
  expect(childrenOf(post).map(({ name }) => name)).toContain('db transaction');
  const found = await receiver.find('GET /api/search');
  expect(childrenOf(found).map(({ name }) => name)).toContain('encode');

  const values = receiver.spans.flatMap(({ attributes }) => attributes);
  const keys = new Set(values.map(({ key }) => key));
  expect([...keys].sort()).toEqual([
    'db.system.name',
    'http.request.method',
    'http.response.status_code',
    'http.route',
    'teambrain.priority',
    'teambrain.texts',
  ]);
  for (const secret of ['CNRY', 'Cnry', person.id, person.email, person.token, spaceId]) {
    expect(receiver.received()).not.toContain(secret);
  }
});

test('a caller’s trace goes on, and a failure shows without its words', async () => {
  const receiver = await useTraceReceiver();
  const database = await openTestDatabase(createLog('silent'));
  const app = await useTestApp({ database, config: { tracesEndpoint: receiver.url } });
  const { token, call } = await register(app.url);
  const { id: spaceId } = await call(spaces.createSpace, {
    body: { name: 'S', visibility: 'public' },
  });
  await database.db.execute(sql`alter table messages rename to away`);
  const traceId = randomUUID().replaceAll('-', '');
  const reply = await fetch(`${app.url}/api/spaces/${spaceId}/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-1111111111111111-01`,
    },
    body: JSON.stringify({ text: 'CNRY-text' }),
  });
  expect(reply.status).toBe(500);
  const post = await receiver.find(POST);
  expect(post).toMatchObject({ traceId, parentSpanId: '1111111111111111', status: { code: 2 } });
  const transaction = receiver.spans.find(
    (span) => span.traceId === traceId && span.name === 'db transaction',
  );
  expect(transaction).toMatchObject({ parentSpanId: post.spanId, status: { code: 2 } });
  expect(transaction?.attributes.map(({ key }) => key)).toContain('error.type');
  expect(receiver.received()).not.toContain('CNRY');
});

test('a collector that is away disturbs nobody, and the log says so once', async () => {
  const app = await useTestApp({ config: { tracesEndpoint: 'http://127.0.0.1:1' } });
  const { call } = await register(app.url);
  await call(spaces.createSpace, { body: { name: 'S', visibility: 'public' } });
  await expect
    .poll(() => app.logged(), { timeout: 20_000 })
    .toContain('traces cannot be sent; check the collector');
  await call(spaces.createSpace, { body: { name: 'T', visibility: 'public' } });
});
