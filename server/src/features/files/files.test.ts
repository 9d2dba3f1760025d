import { randomBytes } from 'node:crypto';
import { v7 as newId } from 'uuid';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { discardFile, MESSAGE_FILES_MAX } from '@teambrain/contract/files.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { bearer, fetchFile, phonePicture, picture, upload } from '../../testing/files/uploads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;
let cleo: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp();
  ana = await register(app.url, 'Ana');
  ben = await register(app.url, 'Ben');
  cleo = await register(app.url, 'Cleo');
  space = await createSpace(ana, [ben]);
});
afterAll(() => app.close());

const postFiles = (person: Person, files: string[], more: { id?: string; text?: string } = {}) =>
  person.call(chat.postMessage, { params: { spaceId: space }, body: { files, ...more } });
const statusOf = async (person: Person, id: string) =>
  (await fetchFile(app.url, id, bearer(person))).status;
const filesOf = async (messageId: string) => {
  const page = await ben.call(chat.listMessages, { params: { spaceId: space }, query: {} });
  return page.items.find(({ id }) => id === messageId)?.files;
};

describe('a file', () => {
  it('is uploaded, posted without a word, listed and read as it was', async () => {
    const bytes = randomBytes(300_000);
    const file = await upload(ana, space, 'Übersicht 2026.bin', bytes);
    expect(file).toMatchObject({ name: 'Übersicht 2026.bin', bytes: 300_000, width: null });
    const message = await postFiles(ana, [file.id]);
    expect(message).toMatchObject({ text: '', files: [file] });
    expect(await filesOf(message.id)).toEqual([file]);
    const answer = await fetchFile(app.url, file.id, bearer(ben));
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="_bersicht 2026.bin"; filename*=UTF-8''%C3%9Cbersicht%202026.bin`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
  });

  it('keeps its place in the order of the post, and is edited along with its message', async () => {
    const one = await upload(ana, space, 'one.txt', '1');
    const two = await upload(ana, space, 'two.txt', '2');
    const message = await postFiles(ana, [two.id, one.id], { text: 'Both' });
    expect(message.files.map(({ name }) => name)).toEqual(['two.txt', 'one.txt']);
    const edited = await ana.call(chat.editMessage, {
      params: { spaceId: space, messageId: message.id },
      body: { text: 'Two' },
    });
    expect(edited.files).toEqual(message.files);
  });

  it('is read in parts', async () => {
    const { id } = await upload(ana, space, 'letters.txt', 'abcdefghij');
    const part = async (range: string) => {
      const answer = await fetchFile(app.url, id, { ...bearer(ana), range });
      return [answer.status, answer.headers.get('content-range'), await answer.text()];
    };
    expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', 'cde']);
    expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', 'hij']);
    expect(await part('bytes=-2')).toEqual([206, 'bytes 8-9/10', 'ij']);
    expect(await part('bytes=8-900')).toEqual([206, 'bytes 8-9/10', 'ij']);
    expect((await part('bytes=0-1,4-5')).slice(0, 2)).toEqual([200, null]);
    expect((await part('bytes=10-'))[0]).toBe(416);
    expect((await part('bytes=-0'))[0]).toBe(416);
  });

  it('is the first upload with its id, however often that is repeated', async () => {
    const id = newId();
    const first = await upload(ana, space, 'a.txt', 'first', id);
    expect(await upload(ana, space, 'b.txt', 'second', id)).toEqual(first);
    expect(await codeOf(upload(ben, space, 'c.txt', 'third', id))).toBe('id-taken');
    const [one, two] = await Promise.all([1, 2].map(() => upload(ana, space, 'd', 'x', newId())));
    expect(one?.id).not.toBe(two?.id);
  });

  it('is its owner’s alone until it is posted, and can be taken back', async () => {
    const { id } = await upload(ana, space, 'draft.txt', 'x');
    expect([await statusOf(ana, id), await statusOf(ben, id)]).toEqual([200, 404]);
    expect(await codeOf(postFiles(ben, [id]))).toBe('invalid-request');
    const params = { spaceId: space, fileId: id };
    expect(await codeOf(ben.call(discardFile, { params }))).toBe('not-found');
    await ana.call(discardFile, { params });
    expect(await statusOf(ana, id)).toBe(404);
    expect(await codeOf(postFiles(ana, [id]))).toBe('invalid-request');
  });

  it('hangs on one message only, and the same post again is the same message', async () => {
    const { id } = await upload(ana, space, 'once.txt', 'x');
    const message = await postFiles(ana, [id], { id: newId() });
    expect(await postFiles(ana, [id], { id: message.id })).toEqual(message);
    expect(await codeOf(postFiles(ana, [id]))).toBe('invalid-request');
    expect(await codeOf(postFiles(ana, [id], { id: message.id, text: 'Other' }))).toBe('id-taken');
    const other = await createSpace(ana, []);
    const elsewhere = await upload(ana, other, 'elsewhere.txt', 'x');
    expect(await codeOf(postFiles(ana, [elsewhere.id]))).toBe('invalid-request');
  });

  it('goes with its message: from the page, the log and its address', async () => {
    const { id, name } = await upload(ana, space, 'CANARYNAME.txt', 'x');
    const message = await postFiles(ana, [id]);
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: message.id } });
    expect(await filesOf(message.id)).toEqual([]);
    expect([await statusOf(ana, id), await statusOf(ben, id)]).toEqual([404, 404]);
    const log = await ana.call(listEvents, { params: { spaceId: space }, query: { limit: 200 } });
    expect(JSON.stringify(log)).not.toContain(name);
    expect(await codeOf(postFiles(ana, [id], { id: message.id }))).toBe('gone');
  });

  it('is as many as a message may have, each once', async () => {
    const ids = await Promise.all(
      Array.from({ length: MESSAGE_FILES_MAX + 1 }, async (_, n) => {
        const { id } = await upload(ana, space, `${n}.txt`, 'x');
        return id;
      }),
    );
    expect(await codeOf(postFiles(ana, ids))).toBe('invalid-request');
    expect(await codeOf(postFiles(ana, [ids[0] ?? '', ids[0] ?? '']))).toBe('invalid-request');
    expect((await postFiles(ana, ids.slice(1))).files).toHaveLength(MESSAGE_FILES_MAX);
    expect(await codeOf(ana.call(chat.postMessage, { params: { spaceId: space }, body: {} }))).toBe(
      'invalid-request',
    );
  });
});

describe('a picture', () => {
  it('has its size, and is kept and shown small without what a camera noted', async () => {
    const original = await phonePicture(1_600, 1_200);
    expect(original.includes('CANARYPHONE')).toBe(true);
    const file = await upload(ana, space, 'IMG_1.JPG', original);
    // Upright, as its notes say.
    expect(file).toMatchObject({ type: 'image/jpeg', width: 1_200, height: 1_600 });
    const answer = await fetchFile(app.url, file.id, bearer(ana), '?size=small');
    const small = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(small.length).toBeLessThan(50_000);
    const own = await fetchFile(app.url, file.id, bearer(ana));
    const whole = Buffer.from(await own.arrayBuffer());
    expect([whole.length, own.headers.get('content-type')]).toEqual([file.bytes, 'image/jpeg']);
    for (const word of ['CANARYPHONE', 'Exif', 'GPS']) {
      expect([word, small.includes(word), whole.includes(word)]).toEqual([word, false, false]);
    }
    const { width, height, orientation } = await sharp(whole).metadata();
    expect([width, height, orientation]).toEqual([1_200, 1_600, undefined]);
  });

  it('is shown in place only where content and name agree', async () => {
    const png = await picture(40, 30);
    const shown = await upload(ana, space, 'shot.png', png);
    expect(shown).toMatchObject({ type: 'image/png', width: 40, height: 30 });
    const disguised = await upload(ana, space, 'page.html', png);
    expect(disguised).toMatchObject({ type: 'application/octet-stream', width: null });
    const answer = await fetchFile(app.url, disguised.id, bearer(ana));
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
  });
});

describe('the right to read a file', () => {
  it('is that of its space now', async () => {
    const { id } = await upload(ana, space, 'secret.txt', 'x');
    await postFiles(ana, [id]);
    const reader = await register(app.url, 'Reader');
    const params = { spaceId: space };
    expect(await statusOf(reader, id)).toBe(404);
    await reader.call(spaces.joinSpace, { params, body: { password: SPACE_KEY } });
    expect(await statusOf(reader, id)).toBe(200);
    await reader.call(spaces.leaveSpace, { params });
    expect([await statusOf(reader, id), await statusOf(cleo, id)]).toEqual([404, 404]);
    expect((await fetchFile(app.url, id)).status).toBe(401);
    expect((await fetchFile(app.url, newId(), bearer(ana))).status).toBe(404);
  });

  it('is in a cookie for files alone, which ends with its session', async () => {
    const dan = await register(app.url, 'Dan');
    const own = await createSpace(dan, []);
    const { id } = await upload(dan, own, 'picture.txt', 'x');
    const signedIn = await fetch(`${app.url}/api${auth.login.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: dan.email, password: dan.password }),
    });
    const line = signedIn.headers.getSetCookie().find((one) => one.includes('-files-')) ?? '';
    expect(line).toMatch(/Path=\/files; HttpOnly; SameSite=Strict$/);
    const cookie = line.split(';')[0] ?? '';
    const { accessToken } = (await signedIn.json()) as auth.SignedIn;
    const read = async (headers: Record<string, string>) =>
      (await fetchFile(app.url, id, headers)).status;
    expect(await read({ cookie })).toBe(200);
    expect(await read({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await read({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await read({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await read({ cookie: cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) })).toBe(
      401,
    );
    const me = await fetch(`${app.url}/api${auth.getMe.path}`, { headers: { cookie } });
    expect(me.status).toBe(401);
    const authorization = `Bearer ${accessToken}`;
    await fetch(`${app.url}/api${auth.logout.path}`, {
      method: 'POST',
      headers: { authorization },
    });
    expect(await read({ cookie })).toBe(401);
  });
});
