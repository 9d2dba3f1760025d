import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { get, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logoutAll } from '@teambrain/contract/auth.ts';
import { deleteMessage, postMessage } from '@teambrain/contract/chat.ts';
import { joinSpace, removeMember } from '@teambrain/contract/spaces.ts';
import { bearer, named, upload } from '../../testing/files/uploads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, SPACE_KEY } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

const MB = 1_048_576;
/** More than the buffers between two processes hold. */
const LARGE = 24 * MB;

let app: TestApp;
let ana: Person;
let space: string;

beforeAll(async () => {
  app = await createTestApp({
    config: {
      filesDir: mkdtempSync(join(tmpdir(), 'teambrain-files-')),
      fileLimits: { each: 25 * MB, person: 30 * MB, all: 200 * MB },
    },
  });
  ana = await register(app.url, 'Ana');
  space = await createSpace(ana, []);
});
afterAll(() => app.close());

async function member(name: string): Promise<Person> {
  const person = await register(app.url, name);
  await person.call(joinSpace, { params: { spaceId: space }, body: { password: SPACE_KEY } });
  return person;
}
const remove = ({ id }: Person) =>
  ana.call(removeMember, { params: { spaceId: space, userId: id } });

/** Begins to read a file, and stops after the first of its bytes. */
const begin = (person: Person, id: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own: one that was read from quickly has buffers for the whole file.
    const options = { headers: bearer(person), agent: false };
    get(`${app.url}/files/${id}`, options, (response) => {
      response.once('readable', () => resolve(response));
    }).on('error', reject);
  });
/** Reads on: how many bytes come, and whether that is all of them. */
async function rest(response: IncomingMessage) {
  let bytes = 0;
  try {
    for await (const chunk of response) bytes += (chunk as Buffer).length;
  } catch {
    return 'broken off';
  }
  return bytes === LARGE ? 'whole' : 'broken off';
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a file on its way to a reader', () => {
  it('is broken off when the right, the session or the message ends, and else comes whole', async () => {
    const file = await upload(ana, space, 'large.bin', randomBytes(LARGE));
    const message = await ana.call(postMessage, {
      params: { spaceId: space },
      body: { files: [file.id] },
    });
    const [ben, cleo, dora] = [await member('Ben'), await member('Cleo'), await member('Dora')];
    const [removed, loggedOut, stays] = await Promise.all([
      begin(ben, file.id),
      begin(cleo, file.id),
      begin(dora, file.id),
    ]);
    await remove(ben);
    await cleo.call(logoutAll, {});
    await pause(2_000);
    expect(await Promise.all([removed, loggedOut, stays].map(rest))).toEqual([
      'broken off',
      'broken off',
      'whole',
    ]);
    const deleted = await begin(dora, file.id);
    await ana.call(deleteMessage, { params: { spaceId: space, messageId: message.id } });
    await pause(2_000);
    expect(await rest(deleted)).toBe('broken off');
  });
});

describe('an upload under way', () => {
  it('is not kept once its sender was removed or logged out', async () => {
    for (const end of [remove, (person: Person) => person.call(logoutAll, {})]) {
      const person = await member('Eve');
      const bytes = randomBytes(200_000);
      const status = new Promise<number | undefined>((resolve, reject) => {
        const sending = request(`${app.url}/api/spaces/${space}/files`, {
          method: 'POST',
          headers: { ...bearer(person), ...named('late.bin'), 'content-length': bytes.length },
        });
        sending.on('response', (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sending.on('error', reject);
        sending.write(bytes.subarray(0, 100_000));
        setTimeout(() => {
          end(person).then(() => sending.end(bytes.subarray(100_000)), reject);
        }, 200);
      });
      expect(await status).toBeGreaterThanOrEqual(401);
      expect(await status).toBeLessThanOrEqual(404);
      const { rows } = await app.database.db.execute(
        sql`select from files where owner_id = ${person.id}`,
      );
      expect(rows).toHaveLength(0);
    }
  });

  it('beside others takes no more than its sender has room for', async () => {
    const person = await member('Finn');
    const own = await createSpace(person, []);
    const sent = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        codeOf(upload(person, own, `${n}.bin`, randomBytes(9 * MB))),
      ),
    );
    expect(sent.filter((code) => code === null)).toHaveLength(3);
    expect(sent.filter((code) => code === 'quota-exceeded')).toHaveLength(1);
  });
});
