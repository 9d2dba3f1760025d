import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { urlOf } from '@teambrain/contract/endpoint.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { register } from '../../testing/people.ts';
import { useTestApp } from '../../testing/test-app.ts';

const metricsToken = randomBytes(48).toString('base64');

async function scrape(url: string, authorization?: string) {
  const reply = await fetch(`${url}/metrics`, authorization ? { headers: { authorization } } : {});
  return {
    status: reply.status,
    type: reply.headers.get('content-type'),
    text: await reply.text(),
  };
}

/** The samples of a page: `name{labels}` → value. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

test('without a token in the settings there are no metrics', async () => {
  const { url } = await useTestApp();
  expect((await scrape(url)).status).toBe(404);
  expect((await scrape(url, `Bearer ${metricsToken}`)).status).toBe(404);
});

test('they are for who shows the token, and count what happens', async () => {
  const app = await useTestApp({ config: { metricsToken } });
  const { url } = app;
  const wrong = [undefined, 'Bearer', `Bearer ${metricsToken}x`, metricsToken, 'Bearer null'];
  for (const authorization of wrong) {
    expect(await scrape(url, authorization), authorization).toMatchObject({
      status: 401,
      type: 'application/problem+json; charset=utf-8',
    });
  }

  const person = await register(url);
  const { id: spaceId } = await person.call(spaces.createSpace, {
    body: { name: 'Metered', visibility: 'public' },
  });
  const before = samplesOf((await scrape(url, `Bearer ${metricsToken}`)).text);
  const params = { spaceId };
  for (const text of ['one', 'two', 'three']) {
    await person.call(chat.postMessage, { params, body: { text } });
  }
  for (let n = 0; n < 50; n += 1) await fetch(`${url}/api/nowhere/${n}?x=${n}`);
  await app.followers.idle();
  const page = await scrape(url, `Bearer ${metricsToken}`);
  expect(page).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  const after = samplesOf(page.text);
  const grew = (name: string) => (after.get(name) ?? NaN) - (before.get(name) ?? 0);
  const route = 'route="/api/spaces/:spaceId/messages"';
  const posted = `teambrain_http_request_duration_seconds_count{method="POST",${route},status="201"}`;
  expect(grew(posted)).toBe(3);
  expect(grew('teambrain_writes_total{type="message.posted"}')).toBe(3);
  const lost =
    'teambrain_http_request_duration_seconds_count{method="any",route="other",status="404"}';
  expect(grew(lost)).toBe(50);
  for (const name of [
    'teambrain_deliveries_total',
    'teambrain_gaps_repaired_total',
    'teambrain_sockets',
    'teambrain_unsent_bytes',
    'teambrain_connections_cut_total{reason="stuck"}',
    'teambrain_connections_cut_total{reason="full"}',
    'teambrain_connections_cut_total{reason="room"}',
    'teambrain_cache_loads_total{layer="l1"}',
    'teambrain_cache_loads_total{layer="l2"}',
    'teambrain_cache_loads_total{layer="miss"}',
    'teambrain_db_pool_connections{state="total"}',
    'teambrain_db_pool_connections{state="waiting"}',
    'teambrain_follower_lag_events',
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
  ]) {
    expect(after.get(name), name).toBeTypeOf('number');
  }
  expect(after.get('teambrain_follower_lag_events')).toBe(0);
  expect(page.text).toMatch(/teambrain_build_info\{version="[\d.]+",node="v\d/);
});

test('their labels are patterns: never an id, a name, an address or a word', async () => {
  const { url } = await useTestApp({ config: { metricsToken } });
  const person = await register(url, 'Cnry Marple');
  const { id: spaceId } = await person.call(spaces.createSpace, {
    body: { name: 'CNRY-space', visibility: 'public' },
  });
  await person.call(chat.postMessage, { params: { spaceId }, body: { text: 'CNRY-text' } });
  await fetch(`${url}/api/search?q=CNRY-query`);
  await fetch(`${url}/CNRY-path`, { method: 'PROPFIND' });
  const { text } = await scrape(url, `Bearer ${metricsToken}`);
  for (const secret of [spaceId, person.id, person.email, 'CNRY', 'Cnry', 'PROPFIND', '127.0.0']) {
    expect(text).not.toContain(secret);
  }
  const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
  const known = new Set(['other', ...endpoints.map(urlOf)]);
  expect([...routes].filter((route) => !known.has(route ?? ''))).toEqual([]);
});
