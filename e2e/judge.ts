import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

interface Look {
  theme: 'light' | 'dark';
  width: 1280 | 360;
}

/** Two looks show every colour and every width; all four where pictures are wanted. */
const LOOKS: readonly Look[] =
  process.env['SCREENSHOTS'] || process.env['CI_FULL']
    ? [
        { theme: 'light', width: 1280 },
        { theme: 'dark', width: 1280 },
        { theme: 'light', width: 360 },
        { theme: 'dark', width: 360 },
      ]
    : [
        { theme: 'light', width: 1280 },
        { theme: 'dark', width: 360 },
      ];

/** axe finds nothing and nothing scrolls sideways; with SCREENSHOTS (a folder) a picture of each look. */
export async function judge(page: Page, screen: string): Promise<void> {
  for (const look of LOOKS) await judgeOnce(page, screen, look);
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function judgeOnce(page: Page, screen: string, { theme, width }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
  // Colours that are still changing from one theme to the other belong to neither.
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => !(one instanceof CSSTransition)),
  );
  const name = `${screen}, ${theme}, ${width} px`;
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name.replace(/[ ,]+/g, '-')}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`);
  expect(found, name).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}
