import { expect, test } from '@playwright/test';
import { createSpace, signUp } from './people.ts';
import { startServer, type RunningServer } from './server.ts';

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('two people react, see it live, take it back, by pointer and by keyboard', async ({
  browser,
}) => {
  const { page: ada } = await signUp(browser, server.url, 'Ada');
  const { page: ben } = await signUp(browser, server.url, 'Ben');
  await createSpace(ada, 'Harbour');
  await ben.getByRole('navigation', { name: 'Main' }).getByLabel('Browse spaces').click();
  await ben.getByRole('button', { name: 'Join Harbour' }).click();
  const box = ada.getByRole('textbox', { name: 'Message Harbour' });
  await box.pressSequentially('Moored :anchor: at last');
  await expect(box).toHaveValue('Moored ⚓ at last');
  await box.press('Enter');
  const row = (page: typeof ada) => page.getByRole('article').filter({ hasText: 'Moored' });

  await row(ben).hover();
  await row(ben).getByRole('button', { name: 'Add a reaction' }).click();
  await ben.getByRole('button', { name: 'React with 🎉' }).click();
  const party = (page: typeof ada) => row(page).getByRole('button', { name: /^🎉/ });
  await expect(party(ben)).toHaveAttribute('aria-pressed', 'true');
  await expect(party(ada)).toHaveText('🎉1');
  await expect(party(ada)).toHaveAttribute('aria-pressed', 'false');
  await party(ada).focus();
  await ada.keyboard.press('Enter');
  await expect(party(ada)).toHaveAccessibleName('🎉, You and Ben');
  await expect(party(ben)).toHaveText('🎉2');

  await row(ada).getByRole('button', { name: 'Add a reaction' }).last().click();
  await ada.getByRole('button', { name: 'All emoji' }).click();
  await ada.getByRole('searchbox', { name: 'Search emoji' }).fill('rocket');
  await expect(ada.getByRole('gridcell', { name: 'Rocket' })).toBeVisible();
  await ada.keyboard.press('Enter');
  await expect(row(ben).getByRole('button', { name: '🚀, Ada' })).toBeVisible();

  await party(ben).click();
  await expect(party(ada)).toHaveText('🎉1');
  await ada.reload();
  await expect(party(ada)).toHaveAccessibleName('🎉, You');
  await expect(row(ada)).not.toContainText('(edited)');
});
