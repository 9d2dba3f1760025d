import { expect, test, type Locator, type Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { createSpace, messages, say, search, signUp, type Visitor } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';

let server: RunningServer;
let ada: Visitor;
let ben: Visitor;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  ada = await signUp(browser, server.url, 'Ada');
  ben = await signUp(browser, server.url, 'Ben');
  await createSpace(ada.page, SPACE);
  await ben.page.goto(ada.page.url());
  await ben.page
    .getByRole('button', { name: `Join ${SPACE}` })
    .first()
    .click();
  await expect(ben.page.getByRole('textbox', { name: `Message ${SPACE}` })).toBeVisible();
});
test.afterAll(() => server.stop());

const panel = (page: Page) => page.getByRole('complementary', { name: 'Thread' });
const row = (page: Page, text: string) =>
  messages(page, SPACE).getByRole('article').filter({ hasText: text });
const chip = (page: Page, text: string) => row(page, text).getByRole('button', { name: /repl/ });

async function openThread(page: Page, text: string) {
  await row(page, text).hover();
  await row(page, text).getByRole('button', { name: 'Reply in thread' }).click();
  await expect(panel(page)).toBeVisible();
}

async function answer(page: Page, text: string) {
  await panel(page).getByRole('textbox', { name: 'Reply in thread' }).fill(text);
  await page.keyboard.press('Enter');
  await expect(panel(page).getByText(text)).toBeVisible();
}

test('a reply shows in the panel and under its root, in both windows, and not in the space', async () => {
  await say(ada.page, SPACE, 'Which berth is free tonight?');
  await openThread(ben.page, 'Which berth is free');
  await expect(panel(ben.page).getByText('Which berth is free tonight?')).toBeVisible();
  await answer(ben.page, 'Berth seven, until noon');
  for (const { page } of [ada, ben]) {
    await expect(chip(page, 'Which berth')).toContainText('1 reply');
    await expect(messages(page, SPACE).getByText('Berth seven')).toHaveCount(0);
  }
  await chip(ada.page, 'Which berth').click();
  await expect(panel(ada.page).getByText('Berth seven, until noon')).toBeVisible();
  await answer(ada.page, 'Thank you');
  await expect(panel(ben.page).getByText('Thank you')).toBeVisible();
  await expect(chip(ben.page, 'Which berth')).toContainText('2 replies');
});

test('who types a reply is shown in that thread, and who types a message in the space', async () => {
  const inSpace = ben.page.getByText('Ada is typing…').and(ben.page.locator(':not(aside *)'));
  const inThread = panel(ben.page).getByText('Ada is typing…');
  // Told every two seconds at most.
  const typeUntil = (where: Locator, line: Locator) =>
    expect(async () => {
      await where.pressSequentially('m');
      await expect(line).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 10_000 });
  const reply = panel(ada.page).getByRole('textbox', { name: 'Reply in thread' });
  await typeUntil(reply, inThread);
  await expect(inSpace).toHaveCount(0);
  await reply.fill('');
  await expect(inThread).toHaveCount(0, { timeout: 10_000 });
  const box = ada.page.getByRole('textbox', { name: `Message ${SPACE}` });
  await typeUntil(box, inSpace);
  await expect(inThread).toHaveCount(0);
  await box.fill('');
});

test('↑ edits the last reply, and a deleted one is not counted', async () => {
  const { page } = ada;
  await panel(page).getByRole('textbox', { name: 'Reply in thread' }).press('ArrowUp');
  await panel(page).getByRole('textbox', { name: 'Message text' }).fill('Thank you, Ben');
  await page.keyboard.press('Enter');
  await expect(panel(ben.page).getByText('Thank you, Ben')).toBeVisible();
  await panel(page).getByRole('article').filter({ hasText: 'Thank you, Ben' }).hover();
  await panel(page).getByRole('button', { name: 'Delete message' }).click();
  await panel(page).getByRole('button', { name: 'Delete', exact: true }).click();
  for (const one of [ada, ben])
    await expect(chip(one.page, 'Which berth')).toContainText('1 reply');
  await expect(panel(ben.page).getByText('This message was deleted')).toBeVisible();
});

test('a draft waits in its thread, and Esc closes the panel', async () => {
  const { page } = ada;
  const box = panel(page).getByRole('textbox', { name: 'Reply in thread' });
  await box.fill('Not yet finished');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('textbox', { name: `Message ${SPACE}` })).toHaveValue('');
  await chip(page, 'Which berth').click();
  await expect(box).toHaveValue('Not yet finished');
  await box.fill('');
});

test('a reply can be shown in the space too, and leads back to its thread', async () => {
  await panel(ben.page).getByLabel(`Also show in ${SPACE}`).check();
  await answer(ben.page, 'The crane is booked');
  await expect(messages(ada.page, SPACE).getByText('The crane is booked')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await row(ada.page, 'The crane is booked')
    .getByRole('button', { name: 'Replied in a thread' })
    .click();
  await expect(panel(ada.page).getByText('The crane is booked')).toBeVisible();
});

test('Threads lists what one follows, and unfollowing takes it away', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Threads' }).click();
  await expect(page.getByRole('heading', { name: 'Threads', level: 1 })).toBeVisible();
  const card = page.getByRole('main').getByRole('button', { name: /Which berth is free/ });
  await expect(card).toContainText('The crane is booked');
  await card.click();
  await answer(page, 'Seen in the list');
  await expect(card).toContainText('Seen in the list');
  await panel(page).getByRole('button', { name: 'Following' }).click();
  await expect(page.getByText('You follow no thread yet')).toBeVisible();
  await panel(page).getByRole('button', { name: 'Follow' }).click();
  await expect(card).toBeVisible();
});

test('the link of a reply, and a search hit on one, open its thread', async () => {
  const { page } = ben;
  await page.goto(`${server.url}/`);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  const hits = await search(page, 'berth seven noon');
  await hits.filter({ hasText: 'Berth seven' }).first().click();
  // It closes by itself; Escape could close the thread that has come already.
  await expect(page.getByRole('dialog', { name: 'Search' })).toBeHidden();
  await expect(panel(page).locator('[data-target]')).toContainText('Berth seven');
  await expect(row(page, 'Which berth')).toBeVisible();
  await page.reload();
  await expect(panel(page).locator('[data-target]')).toContainText('Berth seven');
});

test('a summary of the thread quotes it', async () => {
  const { page } = ben;
  await panel(page).getByRole('button', { name: 'Summarise' }).click();
  await expect(page.getByText(/From \d messages/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to the thread' }).click();
  await expect(panel(page)).toBeVisible();
});

test('a deleted root stays as a stub that nobody can reply to', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: SPACE }).first().click();
  await row(page, 'Which berth').hover();
  await row(page, 'Which berth').getByRole('button', { name: 'Delete message' }).click();
  await row(page, 'Which berth').getByRole('button', { name: 'Delete', exact: true }).click();
  const stub = row(page, 'This message was deleted');
  await expect(stub.getByRole('button', { name: /repl/ })).toContainText('3 replies');
  await expect(panel(ben.page).getByText('nobody can reply to it any more')).toBeVisible();
});

test('at 360 px the panel is the whole screen, and axe finds nothing in it', async () => {
  const { page } = ada;
  await say(page, SPACE, 'A second question');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await page.setViewportSize({ width: 360, height: 740 });
  await row(page, 'A second question').click();
  await page.keyboard.press('t');
  const drawer = page.getByRole('dialog', { name: 'Thread' });
  await expect(drawer.getByRole('textbox', { name: 'Reply in thread' })).toBeVisible();
  // Until it has come in it is a little smaller.
  await expect.poll(async () => (await drawer.boundingBox())?.width).toBe(360);
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
});

test('two people react, see it live, take it back, by pointer and by keyboard', async () => {
  await ada.page.keyboard.press('Escape');
  const box = ada.page.getByRole('textbox', { name: 'Message Harbour' });
  await box.pressSequentially('Moored :anchor: at last');
  await expect(box).toHaveValue('Moored ⚓ at last');
  await box.press('Enter');
  const moored = (page: Page) => row(page, 'Moored');

  await moored(ben.page).hover();
  await moored(ben.page).getByRole('button', { name: 'Add a reaction' }).click();
  await ben.page.getByRole('button', { name: 'React with 🎉' }).click();
  const party = (page: Page) => moored(page).getByRole('button', { name: /^🎉/ });
  await expect(party(ben.page)).toHaveAttribute('aria-pressed', 'true');
  await expect(party(ada.page)).toHaveText('🎉1');
  await expect(party(ada.page)).toHaveAttribute('aria-pressed', 'false');
  await party(ada.page).focus();
  await ada.page.keyboard.press('Enter');
  await expect(party(ada.page)).toHaveAccessibleName('🎉, You and Ben');
  await expect(party(ben.page)).toHaveText('🎉2');

  await moored(ada.page).getByRole('button', { name: 'Add a reaction' }).last().click();
  await ada.page.getByRole('button', { name: 'All emoji' }).click();
  await ada.page.getByRole('searchbox', { name: 'Search emoji' }).fill('rocket');
  await expect(ada.page.getByRole('gridcell', { name: 'Rocket' })).toBeVisible();
  await ada.page.keyboard.press('Enter');
  await expect(moored(ben.page).getByRole('button', { name: '🚀, Ada' })).toBeVisible();

  await party(ben.page).click();
  await expect(party(ada.page)).toHaveText('🎉1');
  await ada.page.reload();
  await expect(party(ada.page)).toHaveAccessibleName('🎉, You');
  await expect(moored(ada.page)).not.toContainText('(edited)');
});

test('replies in a followed thread are counted in every window until they are read', async () => {
  const side = (page: Page) => page.getByRole('navigation', { name: 'Main' });
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  await say(ada.page, SPACE, 'Where is the spare rope?');
  const other = await ada.context.newPage();
  await other.goto(`${server.url}/threads`);
  await expect(other.getByRole('heading', { name: 'Threads', level: 1 })).toBeVisible();
  await ada.page.goto(`${server.url}/`);
  await openThread(ben.page, 'Where is the spare rope');
  await answer(ben.page, 'In the shed behind the crane');
  for (const page of [ada.page, other]) {
    await expect(side(page).getByLabel('1 new reply')).toBeVisible();
    await expect(page).toHaveTitle(/^\(1\)/);
  }
  await other.getByText('Unread 1', { exact: true }).click();
  const card = other.getByRole('button', { name: /spare rope/ });
  await expect(card).toContainText('1 new');
  await card.click();
  await expect(panel(other).getByRole('heading', { name: '1 new message' })).toBeVisible();
  for (const page of [ada.page, other]) {
    await expect(side(page).getByLabel('1 new reply')).toHaveCount(0);
    await expect(page).not.toHaveTitle(/^\(/);
  }
  await expect(other.getByText('You have read everything')).toBeVisible();
  const { violations } = await new AxeBuilder({ page: other }).analyze();
  expect(violations).toEqual([]);
  await other.close();
});
