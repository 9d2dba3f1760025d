import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { updateSpace } from '@teambrain/contract/spaces.ts';
import type { Person } from '../src/testing/people.ts';
import { reads, refusals } from './canaries.crawl.ts';
import { CRAWLERS, createFlock, fillProtected, fillPublic, type Flock } from './canaries.seed.ts';
import { crawl, observe, spotOf, tokenOf, wordsOf } from './canaries.view.ts';
import { nameOf, requestOf } from './support/http.ts';
import { connectAs, type TestSocket } from './support/socket.ts';

let flock: Flock;
/** What an outsider saw before there was anything in the protected spaces, and after. */
let seenBefore: string[];
let seenAfter: string[];
/** What the crawl by reading met. */
const seen = { statuses: new Set<number>(), names: new Set<string>() };

beforeAll(async () => {
  flock = await createFlock();
  await fillPublic(flock);
  await flock.app.followers.idle();
  seenBefore = await observe(flock, 'outsider');
  await fillProtected(flock);
  await flock.app.followers.idle();
  seenAfter = await observe(flock, 'outsider');
}, 120_000);
afterAll(() => flock.app.close());

const named = endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);

it.each(named)('the crawler knows how to call %s', (_, endpoint) => {
  expect([reads, refusals].filter((recipes) => recipes.has(endpoint))).toHaveLength(1);
});

describe('the canaries', () => {
  it.each(CRAWLERS)('that are not for them reach no %s by reading', async (actor) => {
    const leaks: string[] = [];
    for (const [endpoint, recipe] of reads) {
      leaks.push(
        ...(await crawl(flock, { endpoint, inputs: recipe(spotOf(flock, actor)), actor }, seen)),
      );
    }
    expect(leaks).toEqual([]);
  });

  it('were found by all who may read them', () => {
    const { canaries } = flock.aviary;
    const missed = canaries.flatMap(({ name, readers }) =>
      [...readers].map((actor) => `${actor}: ${name}`).filter((sight) => !seen.names.has(sight)),
    );
    expect(missed).toEqual([]);
    expect(canaries.length).toBeGreaterThan(80);
    expect([...seen.statuses].filter((status) => status >= 500)).toEqual([]);
  });

  it.each(CRAWLERS)('that are not for them reach no %s by being refused', async (actor) => {
    const leaks: string[] = [];
    const met = { statuses: new Set<number>(), names: new Set<string>() };
    for (const [endpoint, recipe] of refusals) {
      leaks.push(
        ...(await crawl(flock, { endpoint, inputs: recipe(spotOf(flock, actor)), actor }, met)),
      );
    }
    // A log-out without a session is the one thing here that is no refusal.
    const successes = [...met.statuses].filter((status) => status < 400 && status !== 204);
    expect([leaks, successes]).toEqual([[], []]);
  });

  it('stand in no page, document or probe', async () => {
    const leaks: string[] = [];
    for (const path of ['/', '/livez', '/readyz', '/metrics', '/api/openapi.json', '/api/docs/']) {
      const reply = await flock.send({ method: 'GET', path });
      leaks.push(...flock.aviary.leaksIn('anonymous', wordsOf(reply)).map((n) => `${path}: ${n}`));
    }
    expect(leaks).toEqual([]);
  });
});

describe('what is not for an outsider', () => {
  it('changes nothing of what an outsider sees by being there', () => {
    expect(seenAfter).toEqual(seenBefore);
    expect(seenBefore.length).toBeGreaterThan(10);
  });

  it.each(['outsider', 'administrator', 'exMember', 'member'] as const)(
    'gives %s as many results as words that nobody ever wrote',
    async (actor) => {
      const count = async (q: string) => {
        const reply = await flock.send(requestOf(search, { query: { q } }, tokenOf(flock, actor)));
        const { items, next } = JSON.parse(reply.text) as { items: unknown[]; next: unknown };
        return `${items.length} ${String(next)}`;
      };
      const nonsense = new Set<string>();
      for (let n = 0; n < 3; n += 1) {
        nonsense.add(await count(`a${randomBytes(6).toString('hex')}7`));
      }
      const hidden = new Set<string>();
      // Without what all canaries share: of that everyone may find some.
      const texts = spotOf(flock, actor).hidden.slice(0, 20);
      for (const text of texts) hidden.add(await count(text.replace('CNRY-', '')));
      expect(hidden).toEqual(nonsense);
    },
  );
});

describe('on sockets', () => {
  /** Says and changes all kinds of things in a space; gives the id of the last. */
  async function chatter(person: Person, spaceId: string, readers: readonly string[]) {
    const params = { spaceId };
    const plant = (what: string) => flock.aviary.plant(`${what}, live in ${spaceId}`, readers);
    const post = () =>
      person.call(chat.postMessage, { params, body: { text: plant('a message') } });
    const message = await post();
    const about = { params: { ...params, messageId: message.id } };
    await person.call(chat.editMessage, { ...about, body: { text: plant('a change') } });
    await person.call(chat.deleteMessage, about);
    const entry = await person.call(knowledge.createEntry, {
      params,
      body: { kind: 'document', title: plant('a title'), markdown: plant('a text') },
    });
    const entryParams = { params: { ...params, entryId: entry.id } };
    await person.call(knowledge.updateEntry, {
      ...entryParams,
      version: 1,
      body: { title: plant('another title') },
    });
    await person.call(knowledge.deleteEntry, entryParams);
    await person.call(updateSpace, { params, body: { description: plant('a description') } });
    return (await post()).id;
  }

  it('nobody receives what is not for them, by replay, by fetch or live', async () => {
    const { heap, people, url, aviary, cast, hermit } = flock;
    const [lobby = '', vault = '', cell = ''] = heap.spaces;
    const sockets = new Map<string, TestSocket>();
    for (const [name, { token }] of Object.entries(people)) {
      const socket = await connectAs(url, token);
      for (const space of heap.spaces) {
        socket.send({ frame: 'subscribe', space, after: 0 });
        socket.send({ frame: 'fetch', space, after: 0 });
      }
      sockets.set(name, socket);
    }
    const signedIn = Object.keys(people);
    const last = {
      [vault]: await chatter(cast.owner, vault, ['member', 'moderator', 'owner']),
      [cell]: await chatter(hermit, cell, ['hermit']),
      [lobby]: await chatter(cast.owner, lobby, signedIn),
    };
    const leaks: string[] = [];
    for (const [name, socket] of sockets) {
      // The lobby is told of last, so whatever was sent before has come by then.
      await socket.until((received) => received.includes(last[lobby] ?? ''));
      const heard = socket.received();
      leaks.push(...aviary.leaksIn(name, heard).map((canary) => `${name}: ${canary}`));
      const isInside = ['member', 'moderator', 'owner'].includes(name);
      expect([name, heard.includes(last[vault] ?? '')]).toEqual([name, isInside]);
      await socket.end();
    }
    expect(leaks).toEqual([]);
  });
});
