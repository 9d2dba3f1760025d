import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { deleteSpace } from '@teambrain/contract/spaces.ts';
import { bearer, fetchFile, named, picture, upload } from '../../testing/files/uploads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

const MAX = 400_000;

let app: TestApp;
let ana: Person;
let space: string;
const filesDir = mkdtempSync(join(tmpdir(), 'teambrain-files-'));

beforeAll(async () => {
  const fileLimits = { each: MAX, person: 3 * MAX, all: 5 * MAX };
  app = await createTestApp({
    config: { filesDir, fileLimits },
  });
  ana = await register(app.url, 'Ana');
  space = await createSpace(ana, []);
});
afterAll(() => app.close());

/** Names of all files in the store, those that are coming in too. */
const stored = () =>
  readdirSync(filesDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
const sweep = async () => {
  for (const one of app.sweeps) await one();
};
const postFile = (id: string) =>
  ana.call(chat.postMessage, { params: { spaceId: space }, body: { files: [id] } });
/** Makes an upload older. */
const age = (id: string, hours: number) =>
  app.database.db.execute(
    sql`update files set created_at = now() - make_interval(hours => ${hours}) where id = ${id}`,
  );
const statusOf = async (id: string) => (await fetchFile(app.url, id, bearer(ana))).status;

/** Begins an upload with this head, writes some of it, and gives what came back, or how it ended. */
function uploadBadly(headers: Record<string, string | number>, bytes: Buffer, isCut = false) {
  const url = `${app.url}/api/spaces/${space}/files`;
  return new Promise<string>((resolve) => {
    const sending = request(url, {
      method: 'POST',
      headers: { ...bearer(ana), ...named('a.bin'), ...headers },
    });
    sending.on('response', (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    sending.on('error', () => resolve('cut'));
    sending.write(bytes);
    if (isCut) setTimeout(() => sending.destroy(), 20);
    else sending.end();
  });
}

/** A PNG that says how large it is, with no more pixels than zeros pack into a few bytes. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height), { level: 9 });
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const parts = [chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

describe('the bytes of a file', () => {
  it('are gone with its message, and those of a space with the space', async () => {
    const before = stored().length;
    const shot = await upload(ana, space, 'shot.png', await picture(900, 600));
    expect(stored()).toHaveLength(before + 2);
    const message = await postFile(shot.id);
    await ana.call(chat.deleteMessage, { params: { spaceId: space, messageId: message.id } });
    await sweep();
    expect(stored()).toHaveLength(before);
    const other = await createSpace(ana, []);
    await upload(ana, other, 'a.txt', 'x');
    await ana.call(deleteSpace, { params: { spaceId: other } });
    await sweep();
    expect(stored()).toHaveLength(before);
  });

  it('stay while a message has them, and go after a day without one', async () => {
    const kept = await upload(ana, space, 'kept.txt', 'kept');
    await postFile(kept.id);
    const unnamed = await upload(ana, space, 'unnamed.txt', 'x');
    await Promise.all([age(kept.id, 25), age(unnamed.id, 23)]);
    await sweep();
    expect([await statusOf(kept.id), await statusOf(unnamed.id)]).toEqual([200, 200]);
    await age(unnamed.id, 25);
    await sweep();
    expect([await statusOf(kept.id), await statusOf(unnamed.id)]).toEqual([200, 404]);
  });
});

describe('an upload', () => {
  it('leaves nothing where it is too large, cut off, or not what it says', async () => {
    const before = stored().sort();
    const bytes = randomBytes(MAX + 1);
    const half = bytes.subarray(0, MAX / 2);
    expect(await uploadBadly({ 'content-length': MAX + 1 }, bytes)).toBe('413');
    expect(await uploadBadly({ 'transfer-encoding': 'chunked' }, bytes)).toBe('413');
    const cuts = Array.from({ length: 20 }, () =>
      uploadBadly({ 'content-length': MAX }, half, true),
    );
    expect(new Set(await Promise.all(cuts))).toEqual(new Set(['cut']));
    const left = async () => {
      await sweep();
      const { rows } = await app.database.db.execute(
        sql`select from blobs where stored_at is null`,
      );
      return [rows.length, ...stored().sort()];
    };
    await expect.poll(left).toEqual([0, ...before]);
  });

  it('is refused where the person, or everybody, has no room left', async () => {
    const ben = await register(app.url, 'Ben');
    const own = await createSpace(ben, []);
    const fill = (person: Person, where: string) =>
      codeOf(upload(person, where, 'a.bin', randomBytes(MAX)));
    expect([await fill(ben, own), await fill(ben, own), await fill(ben, own)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(await fill(ben, own)).toBe('quota-exceeded');
    expect(await fill(ana, space)).toBe(null);
    expect(await fill(ana, space)).toBe('quota-exceeded');
    await ben.call(deleteSpace, { params: { spaceId: own } });
    expect(await fill(ana, space)).toBe(null);
  });

  it('of a picture too large to decode, or damaged, is a file that can be saved and no picture', async () => {
    const cases = {
      'bomb.png': bomb(30_000, 20_000),
      'cut.png': (await picture(2_000, 2_000)).subarray(0, 2_000),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      const file = await upload(ana, space, name, bytes);
      expect([name, file.type, file.width]).toEqual([name, 'application/octet-stream', null]);
    }
    expect((await upload(ana, space, 'good.png', await picture(10, 10))).width).toBe(10);
  });
});

describe('what could run in a browser', () => {
  const script = '<script>document.title = "ran"</script>';
  it.each([
    ['page.html', `<!doctype html>${script}`],
    ['drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`],
    ['drawing.png', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`],
    ['feed.xml', `<?xml version="1.0"?><x>${script}</x>`],
    ['picture.gif', `GIF89a/*${script}*/=1`],
    ['paper.pdf', `%PDF-1.7\n${script}`],
    ['code.js', 'alert(1)'],
  ])('is never shown in place: %s', async (name, content) => {
    const { id } = await upload(ana, space, name, content);
    const { headers } = await fetchFile(app.url, id, bearer(ana));
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect(headers.get('content-type')).toMatch(/^application\/(?:octet-stream|pdf)$/);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/', 'file'],
    ['..', 'file'],
    ['a\r\nSet-Cookie: x=1.txt', 'a Set-Cookie_ x=1.txt'],
    ['evil\u202egnp.exe', 'evilgnp.exe'],
    ['nul\0l.txt', 'null.txt'],
    [`${'x'.repeat(400)}.txt`, `${'x'.repeat(196)}.txt`],
  ])('has a name without folders, lines and turns: %j', async (given, name) => {
    const file = await upload(ana, space, given, 'x');
    expect(file.name).toBe(name);
    const { headers } = await fetchFile(app.url, file.id, bearer(ana));
    expect(headers.get('set-cookie')).toBe(null);
  });
});
