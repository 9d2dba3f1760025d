import { MESSAGE_MAX, postMessage } from '@teambrain/contract/chat.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { createSpace as createSpaceCall } from '@teambrain/contract/spaces.ts';
import { expect, test, type Page } from '@playwright/test';
import { messages, signUp } from './people.ts';
import { callAs } from './sample.ts';
import { startServer, type RunningServer } from './server.ts';

const SPACE = 'Harbour';
const ADDRESS = `https://example.org/${'path'.repeat(95)}`;
const WORD = 'w'.repeat(600);
const TABLE = [`| ${'Column with words | '.repeat(14)}`, `|${' --- |'.repeat(14)}`].concat(
  Array.from({ length: 3 }, () => `| ${'unbreakable-value | '.repeat(14)}`),
);
const CODE = ['```', `const line = '${'x'.repeat(300)}';`, '```'];
const WIDE = ['An address:', ADDRESS, '', WORD, '', ...TABLE, '', ...CODE, '', `> ${WORD}`].join(
  '\n',
);

let server: RunningServer;
test.use({ trace: 'off' });
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server.stop());

test('long words, addresses, tables and code stay inside, and a long paste is kept', async ({
  browser,
}) => {
  const ada = await signUp(browser, server.url, 'Ada');
  const { page } = ada;
  const call = await callAs(server.url, ada);
  const { id: spaceId } = await call(createSpaceCall, {
    body: { name: SPACE, visibility: 'public', description: WORD.slice(0, 200) },
  });
  const params = { spaceId };
  await call(postMessage, { params, body: { text: WIDE } });
  const title = WORD.slice(0, 180);
  const write = (kind: 'document' | 'faq' | 'decision') =>
    call(createEntry, {
      params,
      body: {
        kind,
        title: `${kind} ${title}`,
        ...(kind === 'decision' ? { decision: { context: WIDE } } : { markdown: WIDE }),
      },
    });
  const entries = [await write('document'), await write('faq'), await write('decision')];
  const pages = [
    '/',
    '/spaces',
    `/s/${spaceId}`,
    ...['documents', 'faqs', 'decisions'].map((list) => `/s/${spaceId}/${list}`),
    ...entries.map(({ id }) => `/s/${spaceId}/e/${id}`),
  ];
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of pages) {
      await page.goto(`${server.url}${path}`);
      await expect(
        page
          .getByRole('main')
          .getByText(/w{100}/)
          .first(),
      ).toBeAttached();
      expect(await outside(page), `${path} at ${width} px`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${server.url}/s/${spaceId}`);
  await test.step('42,000 pasted characters are counted, not sent, and kept', () => paste(page));
});

/** What lies, in part, outside the window or a box that cuts it off without scroll bars. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page: ${scrollWidth} of ${clientWidth} px`);
    const scrolls = (one: Element) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX);
    const isCut = (one: Element) => getComputedStyle(one).textOverflow === 'ellipsis';
    for (const one of document.querySelectorAll(
      'main p, main li, main a, main h1, main h2, main td',
    )) {
      const { right } = one.getBoundingClientRect();
      if (right <= clientWidth + 1) continue;
      let box: Element | null = one;
      while (box && !isCut(box) && !(scrolls(box) && box.scrollWidth > box.clientWidth)) {
        box = box.parentElement;
      }
      if (!box) found.push(`${one.tagName} ${one.textContent?.slice(0, 20)}: ${right} px`);
    }
    return found;
  });
}

async function paste(page: Page) {
  const box = page.getByRole('textbox', { name: `Message ${SPACE}` });
  const text = 'Forty litres. '.repeat(3_000);
  await box.focus();
  await page.evaluate((words) => {
    const data = new DataTransfer();
    data.setData('text/plain', words);
    const target = document.activeElement;
    const event = new ClipboardEvent('paste', {
      clipboardData: data,
      bubbles: true,
      cancelable: true,
    });
    // A page's own paste event inserts nothing: what no handler took is inserted as a browser does.
    if (target?.dispatchEvent(event)) document.execCommand('insertText', false, words);
  }, text);
  await expect(
    page.getByText(
      `${text.length.toLocaleString('en-GB')} of ${MESSAGE_MAX.toLocaleString('en-GB')} characters`,
    ),
  ).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue(text);
  await expect(messages(page, SPACE).getByRole('article')).toHaveCount(1);
  await page.reload();
  await expect(box).toHaveValue(text);
}
