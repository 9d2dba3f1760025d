import { postMessage } from '@teambrain/contract/chat.ts';
import { joinSpace } from '@teambrain/contract/spaces.ts';
import { expect, test, type Page } from '@playwright/test';
import { messages, signUp } from './people.ts';
import { callAs, loadTeam, type Team } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Engineering';
const NEW = 40;

let server: RunningServer;
test.use({ trace: 'off' });
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('places are kept: what is new, what was read, where one was', async ({ browser }) => {
  const ada = await signUp(browser, server.url, 'Ada');
  const { page } = ada;
  const team = await loadTeam(await callAs(server.url, ada));
  const spaceId = team.space(SPACE);
  await page.goto(`${server.url}/s/${spaceId}`);
  await expect(messages(page, SPACE).getByText('Which one, the scratched one')).toBeVisible();

  await test.step('the day stays in sight while scrolling, up to the first message', () =>
    scrollUp(page));
  await test.step('the tree follows the open document', () => tree(page, team));
  await test.step('search offers what was open, and to write here', () => palette(page));
  await test.step('what came meanwhile is counted, and is where the space opens', async () => {
    const lea = await signUp(browser, server.url, 'Lea');
    const call = await callAs(server.url, lea);
    await lea.context.close();
    await call(joinSpace, { params: { spaceId }, body: {} });
    await page.goto(server.url);
    for (let n = 1; n <= NEW; n += 1) {
      await call(postMessage, { params: { spaceId }, body: { text: `News ${n} of the morning.` } });
    }
    await fresh(page);
  });
  await test.step('Back and a reload return to the message one was at', () => back(page));
});

const list = (page: Page) => messages(page, SPACE);

async function scrollUp(page: Page) {
  const day = list(page).locator('xpath=preceding-sibling::div[1]');
  await list(page).hover();
  const begin = list(page).getByText(`This is where ${SPACE} begins`);
  let days = 0;
  let last = '';
  let before = Number.NaN;
  for (let turn = 0; turn < 400 && !(await begin.isVisible()); turn += 1) {
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(60);
    const named = (await day.count()) > 0 ? ((await day.textContent()) ?? '') : '';
    if (named && named !== last) {
      days += 1;
      last = named;
    }
    // The list never has less above it than a screen, except at its beginning.
    const top = await list(page).evaluate((one) => one.scrollTop);
    if (top === before && !(await begin.isVisible())) await page.waitForTimeout(500);
    before = top;
  }
  await expect(begin).toBeVisible();
  expect(days, 'days named on the way').toBeGreaterThan(8);
}

async function tree(page: Page, team: Team) {
  await page.goto(`${server.url}${team.entry('Restoring a backup')}`);
  const documents = page.getByRole('navigation', { name: 'Documents' });
  const current = documents.getByRole('link', { name: 'Restoring a backup' });
  await expect(current).toHaveAttribute('aria-current', 'page');
  await expect(current).toBeInViewport();
  await documents.getByRole('link', { name: 'On call' }).click();
  await expect(documents.getByRole('link', { name: 'On call' })).toHaveAttribute(
    'aria-current',
    'page',
  );
}

async function palette(page: Page) {
  await page.keyboard.press('ControlOrMeta+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  await expect(dialog.getByRole('option', { name: /Restoring a backup/ })).toBeVisible();
  // It is open.
  await expect(dialog.getByRole('option', { name: /On call/ })).toBeHidden();
  await page.keyboard.type('new doc');
  const command = dialog.getByRole('group', { name: 'Commands' }).getByRole('option');
  await expect(command).toHaveText(`New document in ${SPACE}`);
  await expect(command).toHaveAttribute('aria-selected', 'true');
  await expect(dialog.getByRole('group', { name: /results?$/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/new\?kind=document/);
}

async function fresh(page: Page) {
  const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: SPACE });
  await expect(page).toHaveTitle(new RegExp(`^\\(${NEW}\\) `));
  await expect(link).toContainText(String(NEW));
  await link.click();
  const line = list(page).getByRole('heading', { name: `${NEW} new messages` });
  await expect(line).toBeInViewport();
  await expect(list(page).getByText('News 1 of the morning.')).toBeInViewport();
  await expect(list(page).getByText(`News ${NEW} of the morning.`)).not.toBeInViewport();
  const jump = page.getByRole('button', { name: /\d+ new messages/ });
  await jump.click();
  await expect(list(page).getByText(`News ${NEW} of the morning.`)).toBeInViewport();
  await expect(jump).toBeHidden();
  await expect(page).toHaveTitle(`${SPACE} · TeamBrain`);
}

async function back(page: Page) {
  // In one step, as with the scroll bar, to rows that are not drawn yet.
  await list(page).evaluate((box) => (box.scrollTop -= 2_500));
  await page.waitForTimeout(500);
  const top = await topOf(page);
  expect(top.text).not.toContain(`News ${NEW}`);
  await page.getByRole('navigation', { name: 'Space' }).getByRole('link', { name: 'FAQs' }).click();
  await expect(page.getByRole('heading', { name: 'FAQs' })).toBeVisible();
  await page.goBack();
  await expect.poll(() => topOf(page)).toEqual(top);
  await page.reload();
  await expect.poll(() => topOf(page)).toEqual(top);
}

/** The first message in sight, and where it is in the list. */
async function topOf(page: Page) {
  return list(page).evaluate((box) => {
    const from = box.getBoundingClientRect().top;
    for (const one of box.querySelectorAll('article')) {
      const { top, bottom } = one.getBoundingClientRect();
      if (bottom > from + 1) return { text: one.textContent, top: Math.round(top - from) };
    }
    throw new Error('No message is in sight');
  });
}
