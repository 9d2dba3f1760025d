import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '@teambrain/contract/ask.ts';
import { startFakeModel, type FakeModel } from '../src/testing/model/fake-model.ts';
import { reads } from './canaries.crawl.ts';
import { CRAWLERS, createFlock, fillProtected, fillPublic, type Flock } from './canaries.seed.ts';
import { spotOf, tokenOf, wordsOf } from './canaries.view.ts';
import { requestOf } from './support/http.ts';

let fake: FakeModel;
let flock: Flock;

beforeAll(async () => {
  fake = await startFakeModel();
  const model = { provider: 'ollama', baseUrl: fake.url, model: 'fake-1', apiKey: null } as const;
  flock = await createFlock({ config: { model } });
  await fillPublic(flock);
  await fillProtected(flock);
  await flock.app.followers.idle();
}, 120_000);
afterAll(async () => {
  await flock.app.close();
  await fake.close();
});

const READERS = CRAWLERS.filter((actor) => actor !== 'anonymous');

describe('with a language model', () => {
  it.each(READERS)('no prompt and no answer holds a canary that is not for %s', async (actor) => {
    const { aviary } = flock;
    const leaks: string[] = [];
    const seen = new Set<string>();
    for (const input of reads.get(ask)?.(spotOf(flock, actor)) ?? []) {
      const before = fake.prompts.length;
      const reply = await flock.send(requestOf(ask, input, tokenOf(flock, actor)));
      expect(reply.status).toBe(200);
      // A question may hold the canary's words itself; what a prompt adds counts.
      const { question } = input.body as { question: string };
      const prompts = fake.prompts.slice(before).map(({ body }) => body.replaceAll(question, ''));
      for (const text of [...prompts, wordsOf(reply).replaceAll(question, '')]) {
        leaks.push(...aviary.leaksIn(actor, text));
      }
      for (const text of prompts) for (const name of aviary.namesIn(text)) seen.add(name);
    }
    expect(leaks).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
  });

  it('no prompt holds a canary of a protected space, for any asker', () => {
    const isProtected = ({ readers }: { readers: ReadonlySet<string> }) => !readers.has('outsider');
    const names = new Set(flock.aviary.canaries.filter(isProtected).map(({ name }) => name));
    const passages = fake.prompts.map(({ message }) =>
      message.replace(/^BEGIN \w+ question\n.*$/gm, ''),
    );
    const found = passages.flatMap((text) => flock.aviary.namesIn(text));
    expect(found.filter((name) => names.has(name))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('no key and no text of a prompt is in the log', () => {
    const log = flock.app.logged();
    expect(flock.aviary.namesIn(log)).toEqual([]);
  });
});
