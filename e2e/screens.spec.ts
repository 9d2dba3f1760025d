import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { closeSearch, search, signUp } from './people.ts';
import { fill } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

/** Every screen of the journey, empty and full, in both themes and at both widths. */
const LOOKS = [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 360 },
  { theme: 'dark', width: 360 },
] as const;

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

/** axe finds nothing, nothing scrolls sideways, nothing breaks the content security policy. */
async function judge(page: Page, screen: string) {
  for (const { theme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    // Colours on their way from one theme to the other are not the theme's.
    await page.waitForFunction(() =>
      document.getAnimations().every((one) => !(one instanceof CSSTransition)),
    );
    const name = `${screen}, ${theme}, ${width} px`;
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`);
    expect(found, name).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    const folder = process.env['SCREENSHOTS'];
    if (folder) await page.screenshot({ path: `${folder}/${name.replace(/[ ,]+/g, '-')}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test.setTimeout(600_000); // some eighty pictures, each looked at by axe

test('screens are accessible and fit, in light and dark, wide and narrow', async ({ browser }) => {
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${server.url}/sign-up`);
  await expect(stranger.getByLabel('E-mail')).toBeVisible();
  await judge(stranger, 'sign-up');
  await stranger.getByRole('button', { name: 'Create account' }).click();
  await judge(stranger, 'sign-up with errors');

  const { page, email, password } = await signUp(browser, server.url, 'Ada');
  const violations: string[] = [];
  page.on('console', (line) => {
    if (line.text().includes('Content Security Policy')) violations.push(line.text());
  });
  await judge(page, 'home empty');
  await stranger.goto(`${server.url}/sign-in`);
  await judge(stranger, 'sign-in');

  const sample = await fill(server.url, { email, password });
  await page.reload();
  await expect(page.getByRole('link', { name: /Harbour/ }).first()).toBeVisible();
  await judge(page, 'home');
  const visit = async (path: string, screen: string, sign: string | RegExp) => {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByRole('main').getByText(sign).first()).toBeVisible();
    await judge(page, screen);
  };
  const space = `/s/${sample.space}`;
  await visit('/spaces', 'browse', 'Harbour');
  await visit(`/s/${sample.emptySpace}`, 'chat empty', /./);
  await visit(space, 'chat', 'Clean the lens');
  await visit(`${space}/documents`, 'documents', 'Keeping the lamp');
  await visit(`${space}/e/${sample.document}`, 'document', 'nine litres');
  await visit(`${space}/faqs`, 'FAQs', 'boathouse');
  await visit(`${space}/decisions`, 'decisions', 'foghorn');
  await visit(`${space}/e/${sample.decision}`, 'decision', 'Bergen');
  await visit(`${space}/new?kind=decision`, 'new decision', 'Outcome');
  await visit(`/s/${sample.lockedSpace}`, 'locked space', /password/i);
  await visit('/account', 'account', 'Sessions');
  await visit('/ask', 'ask', /ask/i);
  await page.getByLabel('Your question').fill('How much oil does the lamp burn every night?');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /Found|This may help/ })).toBeVisible();
  await judge(page, 'answer');
  await page.goto(`${server.url}${space}`);
  await expect(page.getByRole('textbox', { name: 'Message Harbour' })).toBeVisible();
  await expect((await search(page, 'lamp')).first()).toBeVisible();
  await judge(page, 'search');
  await closeSearch(page);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await page.getByRole('menuitem', { name: 'Everything' }).click();
  await expect(page.getByRole('complementary').getByText(/Key points/)).toBeVisible();
  await judge(page, 'summary');
  expect(violations).toEqual([]);
});
