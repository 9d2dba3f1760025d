import { expect, test, type Page } from '@playwright/test';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { createSpace as create } from '@teambrain/contract/spaces.ts';
import {
  cite,
  passagesOf,
  startFakeModel,
  type FakeModel,
} from '../../server/src/testing/model/fake-model.ts';
import { judge } from '../judge.ts';
import { signUp, type Visitor } from '../people.ts';
import { callAs } from '../sample.ts';
import { startServer, type RunningServer } from '../server.ts';

let fake: FakeModel;
let server: RunningServer;
let ada: Visitor;

const QUESTION = 'When does the lamp have to be lit?';
const TEXT =
  '# Keeping the lamp\n\nThe lamp is lit at 18:30 every evening.\n\nIt burns nine litres of oil every night.\n\nThe spare wick is in the red cupboard.';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  fake = await startFakeModel();
  server = await startServer({
    AI_PROVIDER: 'ollama',
    AI_BASE_URL: fake.url,
    AI_MODEL: 'fake-1',
  });
  ada = await signUp(browser, server.url, 'Ada');
  const call = await callAs(server.url, ada);
  const { id: spaceId } = await call(create, {
    body: { name: 'Lighthouse', visibility: 'public' },
  });
  const body = { kind: 'document', title: 'Keeping the lamp', markdown: TEXT } as const;
  await call(createEntry, { params: { spaceId }, body });
  const find = async () => (await call(search, { query: { q: 'spare wick' } })).items.length;
  await expect.poll(find).toBeGreaterThan(0);
});
test.afterAll(async () => {
  await server.stop();
  await fake.close();
});

const SENTENCES = [
  ['The lamp is lit at 18:30 every evening.', 'The lamp is lit at 18:30 every evening.'],
  ['The lamp is lit at 19:30.', 'The lamp is lit at 18:30 every evening.'],
  ['It burns nine litres of oil a night.', 'It burns nine litres of oil every night.'],
] as const;

const say = (prompt: Parameters<typeof passagesOf>[0]) => {
  const [number = 0] = [...passagesOf(prompt)].find(([, text]) => text.includes('lamp')) ?? [];
  return SENTENCES.map(([sentence, quote]) => `${cite(sentence, [number, quote])}\n`);
};

async function ask(page: Page, question: string) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ask' }).click();
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
}
const answer = (page: Page) => page.getByRole('region', { name: 'Answer made by AI' });

test('an answer appears sentence by sentence, and its numbers open the words', async () => {
  const { page } = ada;
  fake.behave({ say, pauseMs: 1_500 });
  await ask(page, QUESTION);
  await expect(
    answer(page).getByText('The lamp is lit at 18:30 every evening.').first(),
  ).toBeVisible();
  await expect(answer(page).getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(answer(page).getByText(/nine litres of oil a night/)).toBeHidden();
  await expect(answer(page).getByText(/nine litres of oil a night/)).toBeVisible();
  await expect(answer(page).getByText('Made by AI from 1 source', { exact: true })).toBeVisible();
  await expect(answer(page).getByText('19:30')).toBeHidden();
  await judge(page, 'answer by a model');
  await answer(page).getByRole('button', { name: 'Open source 2, Keeping the lamp' }).click();
  const mark = page.locator('mark', { hasText: 'nine litres of oil' }).first();
  await expect(mark).toBeVisible();
  await expect(mark).toBeInViewport();
});

test('an answer that is being written can be stopped, and what was verified stays', async () => {
  const { page } = ada;
  fake.behave({
    say: (prompt) => [...say(prompt).slice(0, 1), ' '],
    pauseMs: 300,
    then: 'endless',
  });
  await ask(page, 'At what time is the lamp lit?');
  const { closed } = fake.counts;
  await answer(page).getByRole('button', { name: 'Stop' }).click();
  await expect(answer(page).getByText('Stopped. Made by AI from 1 source so far')).toBeVisible();
  await expect(answer(page).getByRole('button', { name: 'Stop' })).toBeHidden();
  await expect.poll(() => fake.counts.closed, { timeout: 2_000 }).toBeGreaterThan(closed);
});

test('hostile words load nothing, lead nowhere and run nothing', async () => {
  const { page } = ada;
  const asked: string[] = [];
  const note = (request: { url(): string }) => void asked.push(request.url());
  page.on('request', note);
  const quote = 'The spare wick is in the red cupboard.';
  fake.behave({
    say: (prompt) => {
      const [number = 0] = [...passagesOf(prompt)].find(([, text]) => text.includes('wick')) ?? [];
      return [
        '![x](https://evil.example/1.png)',
        '[The spare wick](https://evil.example/2) is in the red cupboard.',
        '<img src=https://evil.example/3.png onerror=alert(1)> The spare wick is in the red cupboard.',
        'The spare wick is in the red cupboard at https://evil.example/4',
        'The spare wick is in the red cupboard.',
      ].map((sentence) => `${cite(sentence, [number, quote])}\n`);
    },
  });
  await ask(page, 'Where is the spare wick?');
  await expect(answer(page).getByText('Made by AI from 1 source', { exact: true })).toBeVisible();
  await expect(answer(page)).not.toContainText('evil');
  await expect(answer(page).locator('img, a')).toHaveCount(0);
  page.off('request', note);
  expect(asked.filter((url) => url.includes('evil'))).toEqual([]);
});

test('when the provider fails, the page shows what was found and says so', async () => {
  const { page } = ada;
  fake.behave({ status: 500 });
  await ask(page, 'How many litres of oil does the lamp burn every night?');
  await expect(page.getByText('The AI gave no answer this time.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Found', exact: true })).toContainText(
    'nine litres',
  );
  await judge(page, 'evidence in place of a model');
});
