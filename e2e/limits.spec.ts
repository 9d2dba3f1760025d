import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { createSpace, messages, say, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

/** Small limits, met on purpose: 3 writes, 2 questions, 2 wrong passwords. */
const LIMITS = 'write=3/20, write.burst=3/20, ai=2/20, join-guesses=2/3600';
const SPACE = 'Harbour';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer({ LIMITS });
});
test.afterAll(() => server.stop());

const timer = (page: Page) => page.getByRole('timer');
const COUNTING = /^Try again in \d+ seconds?\.$/;

/** The page as wide windows and telephones show it, where the run is asked to keep pictures. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (!folder) return;
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${folder}/limit-${name}-${width}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('who meets a limit sees the wait, loses nothing typed, and goes on after it', async ({
  browser,
}) => {
  const { page } = await signUp(browser, server.url, 'Ada');
  await createSpace(page, SPACE);
  const tabs = page.getByRole('navigation', { name: 'Space' });

  await test.step('a message too many waits in its place and is sent by itself', async () => {
    for (const n of [1, 2, 3]) await say(page, SPACE, `Message ${n}`);
    await page.getByRole('textbox', { name: `Message ${SPACE}` }).fill('Message 4, in time');
    await page.keyboard.press('Enter');
    const row = messages(page, SPACE).getByText('Message 4, in time');
    await expect(row).toBeVisible();
    await expect(timer(page)).toHaveText(
      /^Waiting until .*\d:\d\d:\d\d.*: more than 3 messages in 20 seconds$/,
    );
    await picture(page, 'message');
    await expect(timer(page)).toBeHidden({ timeout: 60_000 });
    await page.reload();
    await expect(row).toHaveCount(1);
  });

  await test.step('a form says how long, keeps what was typed, and can be sent then', async () => {
    for (const n of [1, 2, 3]) {
      await tabs.getByRole('link', { name: 'FAQs' }).click();
      await newFaq(page, `Question ${n}`);
      await expect(page.getByRole('heading', { name: `Question ${n}` })).toBeVisible();
    }
    await tabs.getByRole('link', { name: 'FAQs' }).click();
    await newFaq(page, 'Who has the key?');
    await expect(timer(page)).toHaveText(COUNTING);
    await picture(page, 'form');
    await expect(timer(page)).toHaveText('You can try again now.', { timeout: 60_000 });
    const form = page.getByRole('form', { name: 'New FAQ' });
    await expect(form.getByLabel('Question')).toHaveValue('Who has the key?');
    await expect(form.getByLabel('Answer', { exact: true })).toHaveValue('Marta has it.');
    await form.getByRole('button', { name: 'Create FAQ' }).click();
    await expect(page.getByRole('heading', { name: 'Who has the key?' })).toBeVisible();
  });

  await test.step('a question too many is asked again by itself when the wait is over', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ask' }).click();
    const form = page.getByRole('form', { name: 'Ask a question' });
    for (const n of [1, 2, 3]) {
      await form.getByLabel('Your question').fill(`Who has the key number ${n}?`);
      await form.getByRole('button', { name: 'Ask' }).click();
      if (n < 3) await expect(page.getByText(/not known|Marta/i).first()).toBeVisible();
    }
    await expect(timer(page)).toHaveText(COUNTING);
    await picture(page, 'question');
    await expect(form.getByLabel('Your question')).toHaveValue('Who has the key number 3?');
    await expect(timer(page)).toBeHidden({ timeout: 60_000 });
    await expect(page.getByText(/not known|Marta/i).first()).toBeVisible();
  });
});

test('who manages a space sees that its password is being guessed, until they take note', async ({
  browser,
}) => {
  const { page } = await signUp(browser, server.url, 'Ben');
  const { page: eves } = await signUp(browser, server.url, 'Eve');
  await createSpace(page, 'Vault', 'lighthouse keeper');
  await eves.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await eves.getByRole('button', { name: 'Join Vault' }).click();
  const form = eves.getByRole('form', { name: 'Join Vault' });
  for (const guess of ['sea captain', 'first mate']) {
    await form.getByLabel('Password of the space').fill(guess);
    const answer = eves.waitForResponse((response) => response.url().endsWith('/join'));
    await form.getByRole('button', { name: 'Join space' }).click();
    expect((await answer).status()).toBe(403);
  }

  await page.reload();
  const notice = page.getByRole('status').filter({ hasText: 'may be guessing the password' });
  await expect(notice).toBeVisible();
  const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Vault/ });
  await expect(entry).toHaveAccessibleName(/may be being guessed/);
  await picture(page, 'guessing');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Vault', level: 1 })).toBeVisible();
  await expect(notice).toBeHidden();
});

async function newFaq(page: Page, question: string): Promise<void> {
  await page.getByRole('link', { name: 'New FAQ' }).first().click();
  const form = page.getByRole('form', { name: 'New FAQ' });
  await form.getByLabel('Question').fill(question);
  await form.getByLabel('Answer', { exact: true }).fill('Marta has it.');
  await form.getByRole('button', { name: 'Create FAQ' }).click();
}
