import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/ask.ts';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import {
  cite,
  passagesOf,
  startFakeModel,
  type FakeModel,
  type Prompt,
} from '../../testing/model/fake-model.ts';
import { codeOf, register, SPACE_PASSWORD, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let fake: FakeModel;
let app: TestApp;
let owner: Person;
let outsider: Person;
let space: string;
let secret: string;

const QUESTION = 'When is the database backed up?';
const BACKED_UP = 'The database is backed up every night at 02:30.';
const BACKUPS = `## When\n\nThe database is **backed up** every night at 02:30.\n\nCopies are kept in Frankfurt for 35 days.`;

beforeAll(async () => {
  fake = await startFakeModel();
  const model = { provider: 'ollama', baseUrl: fake.url, model: 'fake-1', apiKey: null } as const;
  app = await createTestApp({ hasMeaning: true, config: { model } });
  owner = await register(app.url, 'Owner');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner, [], 'public');
  await write(space, 'Backups', BACKUPS);
  const vault = await owner.call(spaces.createSpace, {
    body: { name: 'Vault', visibility: 'protected', password: SPACE_PASSWORD },
  });
  secret = vault.id;
  await write(secret, 'Secret backups', 'The database CNRY-VAULT is backed up to the bunker.');
  await write(secret, 'Gate', 'The gate code of the red building is CNRY-4711 since Monday.');
  await app.followers.idle();
});
beforeEach(() => fake.behave({}));
afterAll(async () => {
  await app.close();
  await fake.close();
});

async function write(spaceId: string, title: string, markdown: string): Promise<knowledge.Entry> {
  const body = { kind: 'document', title, markdown } as const;
  return owner.call(knowledge.createEntry, { params: { spaceId }, body });
}

const ask = (question = QUESTION, person = owner) =>
  person.call(contract.ask, { body: { question } });

/** The answer as it is streamed, with the events before it. */
async function askStreaming(question = QUESTION, person = owner, signal?: AbortSignal) {
  const seen: contract.StreamedSentence[] = [];
  const onEvent = ({ data }: { data: contract.StreamedSentence }) => void seen.push(data);
  const answer = await person.call(contract.ask, { body: { question } }, { onEvent, signal });
  return { answer, seen };
}

/** The number a prompt gave to the passage that says something. */
function numberOf(prompt: Prompt, text: string): number {
  for (const [number, inside] of passagesOf(prompt)) if (inside.includes(text)) return number;
  return 99;
}
/** Lines of sentences whose quotes are found by their own words. */
const saying =
  (...lines: [sentence: string, quote: string, find?: string][]) =>
  (prompt: Prompt) =>
    lines.map(
      ([sentence, quote, find = quote]) => `${cite(sentence, [numberOf(prompt, find), quote])}\n`,
    );

const GOOD = saying(
  ['Backups run every night at 02:30.', 'backed up every night at 02:30', 'every night'],
  ['Copies stay in Frankfurt for 35 days.', 'Copies are kept in Frankfurt for 35 days.'],
);

describe('an answer by a model', () => {
  it('is verified sentences, each with the exact words it rests on', async () => {
    fake.behave({ say: GOOD });
    const { answer, seen } = await askStreaming();
    expect(answer).toMatchObject({ method: 'model', status: 'answered', model: 'fake-1' });
    expect(answer.instead).toBeNull();
    expect(answer.sentences.map(({ text }) => text)).toEqual([
      'Backups run every night at 02:30.',
      'Copies stay in Frankfurt for 35 days.',
    ]);
    expect(seen.map(({ text }) => text)).toEqual(answer.sentences.map(({ text }) => text));
    for (const { start, end, quote } of answer.citations) {
      expect(BACKUPS.slice(start, end)).toBe(quote);
    }
    expect(answer.citations[0]?.quote).toBe('backed up** every night at 02:30');
    expect(await ask()).toEqual(answer);
  });

  it('shows a sentence as soon as it is verified', async () => {
    fake.behave({ say: GOOD, pauseMs: 700 });
    const begun = performance.now();
    let first = 0;
    const onEvent = () => void (first ||= performance.now() - begun);
    await owner.call(contract.ask, { body: { question: QUESTION } }, { onEvent });
    expect(first).toBeLessThan(performance.now() - begun - 600);
  });

  it('lets nothing through that its sources do not say', async () => {
    fake.behave({
      say: saying(
        ['Backups run every night at 03:30.', 'backed up every night at 02:30', 'every night'],
        ['Copies are kept in Paris.', 'Copies are kept in Paris.'],
        ['Copies are kept ![x](https://evil.example/x.png) there.', 'Copies are kept in Frankfurt'],
        ['Everything is fine.', '', 'zzz'],
        ['Copies stay in Frankfurt for 35 days.', 'Copies are kept in Frankfurt for 35 days.'],
      ),
    });
    const { answer, seen } = await askStreaming();
    expect(answer.sentences.map(({ text }) => text)).toEqual([
      'Copies stay in Frankfurt for 35 days.',
    ]);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['says that nothing answers', '{"none":true}\n'],
    ['chatters', 'I think the answer is 42, trust me.'],
    ['invents', cite('The bunker is in Paris.', [1, 'The bunker is in Paris.'])],
    ['says nothing', ''],
  ])('is a refusal with the nearest passages when the model %s', async (_, say) => {
    fake.behave({ say });
    const { answer, seen } = await askStreaming();
    expect(answer).toMatchObject({ method: 'model', status: 'unknown', sentences: [] });
    expect(answer.citations).toEqual([]);
    expect(answer.found).toEqual([]);
    expect(answer.nearest.length).toBeGreaterThan(0);
    expect(seen).toEqual([]);
  });

  it('reads a follow-up with the questions before it', async () => {
    const turns = [{ question: QUESTION }];
    await owner.call(contract.ask, { body: { question: 'And for how long?', turns } });
    const { message = '' } = fake.prompts.at(-1) ?? {};
    expect(message).toContain(QUESTION);
    expect(message).toContain('Copies are kept in Frankfurt');
  });
});

describe('a prompt', () => {
  it('holds no key, no foreign passage, and nothing of a protected space', async () => {
    await ask('Where is the database CNRY-VAULT backed up?');
    await ask('Where is the database CNRY-VAULT backed up?', outsider);
    for (const { body } of fake.prompts)
      expect(body).not.toMatch(/bunker|CNRY-4711|Secret backups/);
  });

  it('is not sent at all where all that was found is withheld', async () => {
    const before = fake.prompts.length;
    const { spaces: only } = { spaces: [secret] };
    const body = { question: 'What is the gate code of the red building?', spaces: only };
    const answer = await owner.call(contract.ask, { body });
    expect(answer).toMatchObject({ method: 'evidence', instead: 'withheld' });
    expect(JSON.stringify(answer.sentences)).toContain('CNRY-4711');
    expect(fake.prompts.length).toBe(before);
  });

  it('puts passages between words that no text can know', async () => {
    await ask();
    await ask();
    const words = fake.prompts
      .slice(-2)
      .map(({ message }) => /<word> is (\w{32})\./.exec(message)?.[1]);
    expect(new Set(words).size).toBe(2);
  });
});

describe('when the provider', () => {
  it.each([
    ['answers 500', { status: 500 }, 'failed'],
    ['has had too many requests', { status: 429 }, 'busy'],
    ['refuses the key', { status: 401 }, 'failed'],
    ['breaks off', { say: GOOD, then: 'cut' }, 'failed'],
  ] as const)('%s, the evidence is given and said to be that', async (_, behaviour, instead) => {
    const own = await useOwnApp();
    fake.behave(behaviour);
    const answer = await own.ask();
    expect(answer).toMatchObject({ method: 'evidence', instead, model: 'fake-1' });
    expect(answer.sentences[0]?.text).toBe(BACKED_UP);
    expect(own.app.logged()).not.toMatch(/backed up every night/);
    await own.app.close();
  });

  it('says nothing for 8 s, the evidence is given', async () => {
    fake.behave({ then: 'hang' });
    const begun = performance.now();
    expect(await ask()).toMatchObject({ method: 'evidence', instead: 'slow' });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('fails again and again, it is left alone for a while', async () => {
    const own = await useOwnApp();
    fake.behave({ status: 500 });
    const before = fake.prompts.length;
    for (let i = 0; i < 6; i += 1) expect((await own.ask()).instead).toBe('failed');
    expect(fake.prompts.length).toBe(before + 3);
    await own.app.close();
  });
});

/** An app of its own, whose breaker is whole. */
async function useOwnApp() {
  const model = { provider: 'ollama', baseUrl: fake.url, model: 'fake-1', apiKey: null } as const;
  const own = await createTestApp({ config: { model } });
  const person = await register(own.url, 'Own');
  const params = { spaceId: await createSpace(person, [], 'public') };
  const body = { kind: 'document', title: 'Backups', markdown: BACKUPS } as const;
  await person.call(knowledge.createEntry, { params, body });
  await own.followers.idle();
  return { app: own, ask: () => person.call(contract.ask, { body: { question: QUESTION } }) };
}

describe('while an answer is made', () => {
  it('a sentence whose source is deleted meanwhile is not shown, and one shown before is taken back', async () => {
    const doomed = await post(owner, space, 'The lunar canteen opens at 11:45 on working days.');
    await app.followers.idle();
    fake.behave({
      pauseMs: 400,
      say: saying(
        ['The lunar canteen opens at 11:45.', 'The lunar canteen opens at 11:45 on working days.'],
        ['On working days it opens at 11:45.', 'canteen opens at 11:45 on working days'],
      ),
    });
    const params = { spaceId: space, messageId: doomed.id };
    const onEvent = () => void owner.call(chat.deleteMessage, { params });
    const seen: unknown[] = [];
    const answer = await owner.call(
      contract.ask,
      { body: { question: 'When does the lunar canteen open?' } },
      { onEvent: (event) => (seen.push(event), onEvent()) },
    );
    expect(seen).toHaveLength(1);
    expect(answer.sentences).toEqual([]);
    expect(answer.status).toBe('unknown');
  });

  it('who leaves stops the provider within 2 s', async () => {
    fake.behave({ say: 'x', pauseMs: 50, then: 'endless' });
    const { closed, open } = fake.counts;
    const leaving = new AbortController();
    const asking = codeOf(askStreaming(QUESTION, owner, leaving.signal));
    await expect.poll(() => fake.counts.open).toBe(open + 1);
    leaving.abort(new Error('left'));
    await asking;
    await expect.poll(() => fake.counts.closed, { timeout: 2_000 }).toBe(closed + 1);
  });

  it('who signs out gets no further sentence, but a problem', async () => {
    const person = await register(app.url, 'Leaver');
    fake.behave({ say: GOOD, pauseMs: 500 });
    const seen: unknown[] = [];
    const onEvent = (event: unknown) => {
      seen.push(event);
      void person.call(auth.logoutAll, {});
    };
    const asking = person.call(contract.ask, { body: { question: QUESTION } }, { onEvent });
    expect(await codeOf(asking)).toBe('session-ended');
    expect(seen).toHaveLength(1);
  });
});

describe('the stream', () => {
  const stream = (token: string | null, body: unknown, accept = 'text/event-stream') =>
    fetch(`${app.url}/api/ask`, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    });

  it('is server-sent events that nobody keeps or holds back', async () => {
    fake.behave({ say: GOOD });
    const reply = await stream(owner.token, { question: QUESTION });
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('private, no-store');
    expect(reply.headers.get('x-accel-buffering')).toBe('no');
    const names = [...(await reply.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(['sentence', 'sentence', 'done']);
  });

  it('has the door before it: who may not ask gets an ordinary problem', async () => {
    const before = fake.prompts.length;
    const refusals = [
      await stream(null, { question: QUESTION }),
      await stream('x.y.z', { question: QUESTION }),
      await stream(owner.token, { question: 1 }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([401, 401, 400]);
    for (const { headers } of refusals) {
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
    expect(fake.prompts.length).toBe(before);
  });
});
