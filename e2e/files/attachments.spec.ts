import { expect, test, type Page } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { createSpace, messages, say, signUp, type Visitor } from '../people.ts';
import { startServer, type RunningServer } from '../server.ts';

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
  await expect(box(ben.page)).toBeVisible();
});
test.afterAll(() => server.stop());

const box = (page: Page) => page.getByRole('textbox', { name: `Message ${SPACE}` });
const tray = (page: Page) => page.getByRole('list', { name: 'Files to send' });
const chooser = (page: Page) => page.locator('main input[type=file]').first();
const list = (page: Page) => messages(page, SPACE);

/** A PNG that the browser draws: its bytes in base64. */
const draw = (page: Page, width: number, height: number, colour: string) =>
  page.evaluate(
    ([w, h, fill]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      pen.fillStyle = fill;
      pen.fillRect(0, 0, w, h);
      pen.fillStyle = '#fff';
      pen.fillRect(w / 4, h / 4, w / 2, h / 8);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [width, height, colour] as const,
  );

const png = async (page: Page, name: string, width = 800, height = 500, colour = '#2a6f6f') => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from(await draw(page, width, height, colour), 'base64'),
});
const words = (name: string, text: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

/** Drops or pastes a file on what is found, as a browser does. */
const give = (page: Page, how: 'drop' | 'paste', on: string, base64: string, name: string) =>
  page.evaluate(
    ([type, selector, data, fileName]) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const file = new File([bytes], fileName, { type: 'image/png' });
      const transfer = new DataTransfer();
      transfer.items.add(file);
      const target = document.querySelector(selector);
      const init = { bubbles: true, cancelable: true };
      if (type === 'paste') {
        target?.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: transfer }));
      } else {
        for (const step of ['dragenter', 'dragover', 'drop']) {
          target?.dispatchEvent(new DragEvent(step, { ...init, dataTransfer: transfer }));
        }
      }
    },
    [how, on, base64, name] as const,
  );

test('files chosen by the button go with the words, and others can read them', async () => {
  const { page } = ada;
  await chooser(page).setInputFiles([await png(page, 'berths.png'), words('plan.txt', 'The plan')]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  await box(page).fill('The plan for tonight');
  await box(page).press('Enter');
  await expect(tray(page)).toHaveCount(0);
  for (const { page: window } of [ada, ben]) {
    const row = list(window).getByRole('article').filter({ hasText: 'The plan for tonight' });
    const picture = row.getByRole('button', { name: 'Show picture berths.png' });
    await expect(picture.locator('img')).toHaveJSProperty('complete', true);
    expect(await picture.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(
      720,
    );
    expect((await picture.boundingBox())?.width).toBe(360);
    await expect(row.getByRole('link', { name: /plan.txt/ })).toBeVisible();
  }
  const download = ben.page.waitForEvent('download');
  await list(ben.page)
    .getByRole('link', { name: /plan.txt/ })
    .click();
  expect((await download).suggestedFilename()).toBe('plan.txt');
});

test('a picture dropped on the chat is sent without words; the viewer goes by keys', async () => {
  const { page } = ada;
  await give(page, 'drop', '[data-drop]', await draw(page, 600, 900, '#804020'), 'one.png');
  await expect(tray(page).getByRole('listitem')).toHaveCount(1);
  await give(page, 'paste', 'main textarea', await draw(page, 300, 200, '#204080'), 'two.png');
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Send message' }).click();
  const first = list(ben.page).getByRole('button', { name: 'Show picture one.png' });
  await first.focus();
  await ben.page.keyboard.press('Enter');
  const viewer = ben.page.getByRole('dialog');
  await expect(viewer.getByRole('img', { name: 'one.png' })).toBeVisible();
  await ben.page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('img', { name: 'two.png' })).toBeVisible();
  await expect(viewer).toContainText('2 of 2');
  const { violations } = await new AxeBuilder({ page: ben.page }).analyze();
  expect(violations).toEqual([]);
  await ben.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(first).toBeFocused();
});

test('nothing below a picture moves when it comes', async () => {
  const { page } = ben;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/files/*', async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  const last = list(page).getByRole('article').last();
  await expect(last).toBeVisible();
  const before = await last.boundingBox();
  release();
  await expect(
    list(page).getByRole('button', { name: 'Show picture two.png' }).locator('img'),
  ).toHaveJSProperty('complete', true);
  expect(await last.boundingBox()).toEqual(before);
  await page.unroute('**/files/*');
});

test('a long pasted text becomes a file where one wants that', async () => {
  const { page } = ada;
  const long = 'All berths in a row. '.repeat(250);
  await box(page).focus();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', text);
    const target = document.activeElement as HTMLTextAreaElement;
    const paste = new ClipboardEvent('paste', {
      bubbles: true,
      cancelable: true,
      clipboardData: transfer,
    });
    target.dispatchEvent(paste);
    document.execCommand('insertText', false, text);
  }, long);
  await page.getByRole('button', { name: 'Attach as a file' }).click();
  await expect(box(page)).toHaveValue('');
  await expect(tray(page)).toContainText('pasted text.txt');
  await page.getByRole('button', { name: 'Remove pasted text.txt' }).click();
  await expect(tray(page)).toHaveCount(0);
});

test('a refused file says why, can be tried again, and holds the message back', async () => {
  const { page } = ada;
  let isDown = true;
  await page.route('**/api/spaces/*/files*', (route) =>
    isDown ? route.abort() : route.continue(),
  );
  await chooser(page).setInputFiles([words('later.txt', 'x')]);
  await expect(tray(page).getByRole('alert')).toContainText('No connection');
  await box(page).press('Enter');
  await expect(page.getByText('Not sent: upload the file that failed again')).toBeVisible();
  isDown = false;
  await page.getByRole('button', { name: 'Upload later.txt again' }).click();
  await expect(tray(page).getByRole('alert')).toHaveCount(0);
  await box(page).press('Enter');
  await expect(list(page).getByRole('link', { name: /later.txt/ })).toBeVisible();
  await page.unroute('**/api/spaces/*/files*');
});

test('an upload under way shows how far it is, and is gone everywhere when it is cancelled', async () => {
  const { page } = ada;
  const cdp = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 100_000 };
  await cdp.send('Network.emulateNetworkConditions', slow);
  const sent = page.waitForRequest((request) => /\/files\?/.test(request.url()));
  await chooser(page).setInputFiles([
    { name: 'slow.bin', mimeType: '', buffer: Buffer.alloc(3_000_000, 1) },
  ]);
  const id = new URL((await sent).url()).searchParams.get('id') ?? '';
  expect(id).not.toBe('');
  const bar = page.getByRole('progressbar', { name: 'Upload of slow.bin' });
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 20_000 })
    .toBeGreaterThan(5);
  const ended = page.waitForEvent('requestfailed', (request) => request.url().includes(id));
  await page.getByRole('button', { name: 'Cancel slow.bin' }).click();
  await ended;
  await expect(tray(page)).toHaveCount(0);
  await expect(box(page)).toBeFocused();
  await cdp.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
  await cdp.detach();
  expect((await page.request.get(`${server.url}/files/${id}`)).status()).toBe(404);
  await say(page, SPACE, 'Without the slow one');
});

/** A second of silence. */
function silence(): Buffer {
  const samples = 8_000;
  const wav = Buffer.alloc(44 + samples, 128);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(samples, 24);
  wav.writeUInt32LE(samples, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples, 40);
  return wav;
}

/** A second of film that the browser records itself. */
const film = async (page: Page) =>
  Buffer.from(
    await page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
      const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
      const draws = setInterval(() => {
        pen.fillStyle = `hsl(${performance.now() % 360} 60% 50%)`;
        pen.fillRect(0, 0, 320, 180);
      }, 40);
      const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      const stopped = new Promise((resolve) => (recorder.onstop = resolve));
      recorder.start();
      setTimeout(() => recorder.stop(), 1_000);
      await stopped;
      clearInterval(draws);
      const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
      return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(''));
    }),
    'base64',
  );

test('a film and a sound are played where they are', async () => {
  const { page } = ada;
  await chooser(page).setInputFiles([
    { name: 'crane.webm', mimeType: 'video/webm', buffer: await film(page) },
    { name: 'horn.wav', mimeType: 'audio/wav', buffer: silence() },
  ]);
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  await box(page).fill('Listen to the crane');
  await box(page).press('Enter');
  const row = list(ben.page).getByRole('article').filter({ hasText: 'Listen to the crane' });
  for (const kind of ['video', 'audio']) {
    const medium = row.locator(kind);
    await expect(medium).toBeVisible();
    const played = await medium.evaluate(async (element: HTMLMediaElement) => {
      element.muted = true;
      await element.play();
      await new Promise((resolve) =>
        element.addEventListener('timeupdate', () => element.currentTime > 0 && resolve(null)),
      );
      return [element.error, element.currentTime > 0];
    });
    expect(played).toEqual([null, true]);
  }
});

test('a thread takes files too, and a deleted message loses them everywhere', async () => {
  const { page } = ada;
  await say(page, SPACE, 'Root of files');
  const root = list(page).getByRole('article').filter({ hasText: 'Root of files' });
  await root.hover();
  await root.getByRole('button', { name: 'Reply in thread' }).click();
  const panel = page.getByRole('complementary', { name: 'Thread' });
  await panel.locator('input[type=file]').setInputFiles([words('in thread.txt', 'x')]);
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await panel.getByRole('textbox', { name: 'Reply in thread' }).press('Enter');
  const link = panel.getByRole('link', { name: /in thread.txt/ });
  await expect(link).toBeVisible();
  const address = (await link.getAttribute('href')) ?? '';
  expect((await ben.page.request.get(`${server.url}${address}`)).status()).toBe(200);
  const reply = panel.getByRole('article').filter({ hasText: 'in thread.txt' });
  await reply.hover();
  await reply.getByRole('button', { name: 'Delete message' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(link).toHaveCount(0);
  expect((await ben.page.request.get(`${server.url}${address}`)).status()).toBe(404);
});
