import { afterAll, beforeAll, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/ask.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let space: string;

const write = (kind: 'faq' | 'document', title: string, markdown: string) =>
  owner.call(knowledge.createEntry, {
    params: { spaceId: space },
    body: { kind, title, markdown },
  });
const ask = (question: string) => owner.call(contract.ask, { body: { question } });

/** Its second sentence has more of the question's words than the one that answers it. */
const KEEPS =
  'Seven days, about 20,000 points. When a gateway has its connection back it sends the oldest data first.';

beforeAll(async () => {
  app = await createTestApp({ hasMeaning: true });
  owner = await register(app.url, 'Owner');
  space = await createSpace(owner);
  const rights = 'Maria Lopez and Tom Berg hold the hardware key.';
  await write('faq', 'Who can sign a firmware release?', rights);
  await write('faq', 'How do I order a keyboard?', 'The blue form is next to the printer.');
  await write('faq', 'When does the canteen open?', '');
  await write('faq', 'Where do I report a broken laptop?', 'I do not know yet.');
  await write('faq', 'How long does a gateway keep data without a connection?', KEEPS);
  const safe = '## Who may open the vault?\n\nAna and Ben know the code.';
  await write('document', 'Security', `Keys and doors.\n\n${safe}`);
  for (const n of upTo(12)) {
    await write('document', `Minutes ${n}`, 'The release and the firmware build went well.');
  }
  await app.followers.idle();
});
afterAll(() => app.close());

it.each([
  ['Who can sign a firmware release?', 'Who can sign a firmware release?', 'Maria Lopez'],
  ['who signs firmware releases', 'Who can sign a firmware release?', 'Maria Lopez'],
  ['How can I order keyboards?', 'How do I order a keyboard?', 'blue form'],
  ['Who may open the vault?', 'Security', 'Ana and Ben'],
])('“%s” is answered by what stands under that question', async (question, title, words) => {
  const answer = await ask(question);
  expect(answer.status).toBe('answered');
  expect(answer.page?.title).toBe(title);
  expect(answer.sentences[0]?.text).toContain(words);
});

it('the answer of an FAQ is read in its own order', async () => {
  const answer = await ask('How long does a gateway keep data without a connection?');
  expect(answer.sentences.map(({ text }) => text)).toEqual([
    'Seven days, about 20,000 points.',
    'When a gateway has its connection back it sends the oldest data first.',
  ]);
});

it.each([
  ['half of the question', 'Who can sign a firmware contract for Japan?', 'maybe'],
  ['another kind of answer', 'When do I order a keyboard?', 'maybe'],
  ['no answer yet in words', 'Where do I report a broken laptop?', 'maybe'],
  ['no answer at all', 'When does the canteen open?', 'unknown'],
])('nothing is claimed of %s', async (_what, question, status) => {
  expect((await ask(question)).status).toBe(status);
});
