import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deleteMessage, listMessages } from '@teambrain/contract/chat.ts';
import * as contract from '@teambrain/contract/scheduled.ts';
import { joinSpace, removeMember } from '@teambrain/contract/spaces.ts';
import { newId } from '../../platform/core/id.ts';
import { DAY, MINUTE } from '../../testing/clock.ts';
import { upload } from '../../testing/files/uploads.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, post, SPACE_KEY, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  app = await createTestApp();
  [ana, ben] = [await register(app.url, 'Ana'), await register(app.url, 'Ben')];
});
afterAll(() => app.close());

const inMinutes = (n: number) => new Date(Date.now() + n * MINUTE).toISOString();
type More = Partial<Parameters<typeof scheduleBody>[1]>;
const scheduleBody = (
  text: string,
  more: { id?: string; threadId?: string; files?: string[]; sendAt?: string; inSpace?: boolean },
) => ({ ...(text && { text }), sendAt: inMinutes(10), ...more });
const schedule = (person: Person, spaceId: string, text: string, more: More = {}) =>
  person.call(contract.scheduleMessage, { params: { spaceId }, body: scheduleBody(text, more) });
const list = async (person: Person) => (await person.call(contract.listScheduled, {})).items;
const sayings = async (person: Person, spaceId: string, thread?: string) => {
  const query = thread ? { thread } : {};
  const { items } = await person.call(listMessages, { params: { spaceId }, query });
  return items;
};
const of = (messageId: string) => ({ params: { messageId } });
/** Lets minutes pass for all that waits. */
async function pass(minutes: number): Promise<void> {
  const past = sql`make_interval(mins => ${minutes})`;
  await app.database.db.execute(sql`update jobs set run_at = run_at - ${past}`);
  await app.database.db.execute(sql`update scheduled set send_at = send_at - ${past}`);
}
/** The time of what was scheduled comes, and what is due is done. */
async function comeTo(minutes = 11): Promise<void> {
  await pass(minutes);
  await app.jobs.runDue();
}

describe('a scheduled message', () => {
  it('is sent at its time, once, with its files, and told to all windows', async () => {
    const space = await createSpace(ana, [ben]);
    const file = await upload(ana, space, 'plan.txt', 'the plan');
    const root = await post(ben, space, 'a question');
    const id = newId();
    const first = await schedule(ana, space, 'Good morning', { id, files: [file.id] });
    expect(first).toMatchObject({ id, text: 'Good morning', files: [file], failure: null });
    await schedule(ana, space, 'An answer', { threadId: root.id, inSpace: true });
    expect((await list(ana)).map(({ text, files }) => [text, files])).toEqual([
      ['Good morning', 1],
      ['An answer', 0],
    ]);
    expect(await list(ben)).toEqual([]);
    await comeTo(9);
    expect(await sayings(ben, space)).toHaveLength(1);

    const socket = await openSocket(app.url, ana);
    await pass(2);
    await Promise.all(upTo(4).map(() => app.jobs.runDue()));
    const said = await sayings(ben, space);
    expect(said.map(({ text }) => text)).toEqual(['a question', 'Good morning', 'An answer']);
    expect(said[1]).toMatchObject({ id, files: [file], author: { name: 'Ana' } });
    expect(said[2]).toMatchObject({ threadId: root.id, inSpace: true });
    expect(await list(ana)).toEqual([]);
    await vi.waitFor(() => expect(socket.of('own').length).toBeGreaterThan(0), 10_000);
    expect(new Set(socket.of('own').map(({ what }) => what))).toContain('drafts');
  });

  it('can be changed, moved, sent now and cancelled by its author alone', async () => {
    const space = await createSpace(ana, [ben]);
    const [one, two] = [await schedule(ana, space, 'one'), await schedule(ana, space, 'two')];
    for (const call of [
      () => ben.call(contract.getScheduled, of(one.id)),
      () => ben.call(contract.updateScheduled, { ...of(one.id), body: { text: 'Ben’s' } }),
      () => ben.call(contract.sendScheduled, of(one.id)),
      () => ben.call(contract.cancelScheduled, of(one.id)),
    ]) {
      expect(await codeOf(call())).toBe('not-found');
    }
    const body = { text: 'one, mended', sendAt: inMinutes(60) };
    await ana.call(contract.updateScheduled, { ...of(one.id), body });
    await comeTo();
    expect((await sayings(ana, space)).map(({ text }) => text)).toEqual(['two']);
    expect(await codeOf(ana.call(contract.cancelScheduled, of(two.id)))).toBe('not-found');
    await ana.call(contract.sendScheduled, of(one.id));
    await app.jobs.runDue();
    expect((await sayings(ana, space)).at(-1)?.text).toBe('one, mended');
    const three = await schedule(ana, space, 'three');
    await ana.call(contract.cancelScheduled, of(three.id));
    await comeTo();
    expect(await sayings(ana, space)).toHaveLength(2);
  });

  it('goes once although its process died after it was posted', async () => {
    const space = await createSpace(ana, []);
    const { id } = await schedule(ana, space, 'once');
    await post(ana, space, 'once', id);
    await comeTo();
    expect(await sayings(ana, space)).toHaveLength(1);
    expect(await list(ana)).toEqual([]);
    // Also where it was deleted since.
    const gone = await schedule(ana, space, 'gone');
    await post(ana, space, 'gone', gone.id);
    await ana.call(deleteMessage, { params: { spaceId: space, messageId: gone.id } });
    await comeTo();
    expect(await list(ana)).toEqual([]);
  });

  it('is not changed while it is being sent', async () => {
    const space = await createSpace(ana, []);
    const { id } = await schedule(ana, space, 'on its way');
    await app.database.db.execute(sql`update scheduled set sending_at = now() where id = ${id}`);
    const body = { text: 'too late' };
    expect(await codeOf(ana.call(contract.updateScheduled, { ...of(id), body }))).toBe('conflict');
    expect(await codeOf(ana.call(contract.cancelScheduled, of(id)))).toBe('conflict');
    await comeTo();
    expect((await sayings(ana, space)).map(({ text }) => text)).toEqual(['on its way']);
  });

  it('is refused without words, in the past, too far ahead, and where its id is taken', async () => {
    const space = await createSpace(ana, [ben]);
    const there = await post(ben, space, 'here');
    const code = (text: string, more: More) => codeOf(schedule(ana, space, text, more));
    expect(await code('', {})).toBe('invalid-request');
    expect(await code('x', { sendAt: inMinutes(-1) })).toBe('invalid-request');
    const far = new Date(Date.now() + (contract.SCHEDULED_DAYS + 1) * DAY).toISOString();
    expect(await code('x', { sendAt: far })).toBe('invalid-request');
    expect(await code('x', { id: there.id })).toBe('id-taken');
    const { id } = await schedule(ben, space, 'Ben’s');
    expect(await code('x', { id })).toBe('id-taken');
    const again = await schedule(ben, space, 'Ben’s other words', { id });
    expect(again.text).toBe('Ben’s');
    await ben.call(contract.cancelScheduled, of(id));
    const one = newId();
    const both = [ana, ben].map((person) => codeOf(schedule(person, space, 'x', { id: one })));
    expect((await Promise.all(both)).toSorted()).toEqual(['id-taken', null]);
    await Promise.all(
      [ana, ben].map((person) => codeOf(person.call(contract.cancelScheduled, of(one)))),
    );
  });

  it('is one of at most so many', async () => {
    const eva = await register(app.url, 'Eva');
    const space = await createSpace(eva, []);
    await app.database.db.execute(sql`
      insert into scheduled (id, user_id, space_id, in_space, text, files, send_at, created_at)
      select gen_random_uuid(), ${eva.id}, ${space}, false, 'n', '{}', now() + interval '9 days', now()
      from generate_series(1, ${contract.SCHEDULED_MAX}) n`);
    expect(await codeOf(schedule(eva, space, 'one more'))).toBe('invalid-request');
    expect(await list(eva)).toHaveLength(contract.SCHEDULED_MAX);
  });
});

describe('a message that cannot be sent at its time', () => {
  it('of one who may not write any more stays with the reason, and goes when they may again', async () => {
    const space = await createSpace(ana, [ben]);
    const { id } = await schedule(ben, space, 'from outside');
    await ana.call(removeMember, { params: { spaceId: space, userId: ben.id } });
    await comeTo();
    expect(await sayings(ana, space)).toEqual([]);
    expect(await list(ben)).toMatchObject([
      { id, text: 'from outside', failure: 'rights', spaceName: null, spaceVisibility: null },
    ]);
    await ben.call(joinSpace, { params: { spaceId: space }, body: { password: SPACE_KEY } });
    await ben.call(contract.sendScheduled, of(id));
    await app.jobs.runDue();
    expect((await sayings(ana, space)).map(({ text }) => text)).toEqual(['from outside']);
    expect(await list(ben)).toEqual([]);
  });

  it('of one who may only read, or is suspended, is not sent', async () => {
    const open = await createSpace(ana, [ben], 'public');
    const dan = await register(app.url, 'Dan');
    await dan.call(joinSpace, { params: { spaceId: open }, body: {} });
    await schedule(ben, open, 'as a reader');
    await schedule(dan, open, 'as nobody');
    await ana.call(removeMember, { params: { spaceId: open, userId: ben.id } });
    await app.database.db.execute(sql`update users set suspended_at = now() where id = ${dan.id}`);
    await comeTo();
    expect(await sayings(ana, open)).toEqual([]);
    const reasons = await app.database.db.execute<{ failure: string }>(
      sql`select failure from scheduled where space_id = ${open}`,
    );
    expect(reasons.rows.map(({ failure }) => failure)).toEqual(['rights', 'rights']);
    expect(await list(ben)).toMatchObject([{ failure: 'rights', spaceName: 'Space of Ana' }]);
  });

  it('in a thread that is gone says so; a new time is tried again', async () => {
    const space = await createSpace(ana, [ben]);
    const root = await post(ben, space, 'a question');
    const { id } = await schedule(ana, space, 'an answer', { threadId: root.id });
    await ben.call(deleteMessage, { params: { spaceId: space, messageId: root.id } });
    await comeTo();
    expect(await list(ana)).toMatchObject([{ id, failure: 'gone' }]);
    // Its time is over: another one is needed.
    const update = (body: { text?: string; sendAt?: string }) =>
      ana.call(contract.updateScheduled, { ...of(id), body });
    expect(await codeOf(update({ text: 'an answer still' }))).toBe('invalid-request');
    expect(await update({ sendAt: inMinutes(10) })).toMatchObject({ failure: null });
    await comeTo();
    expect(await list(ana)).toMatchObject([{ id, failure: 'gone' }]);
    await ana.call(contract.cancelScheduled, of(id));
  });

  it('holds its files until then', async () => {
    const space = await createSpace(ana, []);
    const file = await upload(ana, space, 'held.txt', 'held');
    await schedule(ana, space, '', { files: [file.id], sendAt: inMinutes(3 * 24 * 60) });
    await app.database.db.execute(
      sql`update files set created_at = now() - interval '2 days' where id = ${file.id}`,
    );
    for (const sweep of app.sweeps) await sweep();
    await comeTo(4 * 24 * 60);
    expect((await sayings(ana, space))[0]?.files).toEqual([file]);
  });
});
