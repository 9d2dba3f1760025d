import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import type { DoctorReport } from '../../src/cli/doctor.ts';
import type { RestoreReport } from '../../src/cli/restore.ts';
import { newInstallation, reportOf, type Environment } from '../../src/testing/cli.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { startServer, type ServerProcess } from '../../src/testing/server-process.ts';
import { upTo } from '../../src/testing/space.ts';
import { readAll, readLog, settle, signIn, type Call } from './backup.world.ts';

const start = async (env: Environment) => {
  const server = startServer(env);
  await server.ready();
  return server;
};

async function stop(server: ServerProcess) {
  server.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
}

const found = (env: Environment) => reportOf<DoctorReport>(['doctor'], env);

describe('what was deleted after the backup', { timeout: 600_000 }, () => {
  it('is deleted again when the database is replaced, unless told otherwise', async () => {
    const env = await newInstallation();
    let server = await start(env);
    const { people, first, spaceId, edited, entry } = await settle(server, 3);
    const { call } = first;
    const body = { name: 'Doomed', visibility: 'public' } as const;
    const { id: doomed } = await call(spaces.createSpace, { body });
    await call(chat.postMessage, { params: { spaceId: doomed }, body: { text: 'doomed words' } });
    const file = join(folderOf({}), 'team.tar');
    await reportOf(['backup', file], env);

    const params = { spaceId };
    await call(chat.deleteMessage, { params: { ...params, messageId: edited.id } });
    await call(knowledge.deleteEntry, { params: { ...params, entryId: entry.id } });
    await call(spaces.deleteSpace, { params: { spaceId: doomed } });
    await call(chat.postMessage, { params, body: { text: 'of the lost interval' } });
    await people[1]?.call(spaces.leaveSpace, { params });
    await stop(server);

    const counts = { spaces: 1, memberships: 1, content: { messages: 1, entries: 1 } };
    const again = await reportOf<RestoreReport>(['restore', file, '--replace'], env);
    expect(again.deletions).toEqual({ ...counts, areRepeated: true });
    expect((await found(env)).findings).toEqual([]);
    server = await start(env);
    const reader = await signIn(server, 'login', 1);
    const now = await readAll(reader.call, spaceId);
    expect(now.messages.map(({ text }) => text)).toEqual(['', '']);
    expect(now.entries).toEqual([]);
    const mine = await reader.call(spaces.listSpaces, { query: {} });
    expect(mine.items.map(({ id }) => id)).toEqual([spaceId]);
    expect(await membersOf(reader.call, spaceId)).toEqual(['Writer 1', 'Writer 3']);
    const log = await readLog(reader.call, spaceId);
    expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length));
    expect(log.slice(-3).map(({ type }) => type)).toEqual([
      'message.deleted',
      'entry.deleted',
      'member.removed',
    ]);
    expect(JSON.stringify(log)).not.toMatch(/wording|How we deploy/);
    await expectIndex(reader.call, spaceId, { gone: ['wording', 'deploy', 'doomed'] });
    await stop(server);
    expect((await found(env)).findings).toEqual([]);

    const all = ['restore', file, '--replace', '--with-deleted'];
    const back = await reportOf<RestoreReport>(all, env);
    // The space is back as well, but cannot be counted: that database is not the backup's any more.
    expect(back.deletions).toEqual({ ...counts, spaces: 0, areRepeated: false });
    server = await start(env);
    const whole = await signIn(server, 'login', 1);
    expect(await membersOf(whole.call, spaceId)).toEqual(['Writer 1', 'Writer 2', 'Writer 3']);
    const { messages, entries } = await readAll(whole.call, spaceId);
    expect(messages.map(({ text }) => text)).toEqual(['the second wording', '']);
    expect(entries.map(({ id }) => id)).toEqual([entry.id]);
    expect((await whole.call(spaces.getSpace, { params: { spaceId: doomed } })).name).toBe(
      'Doomed',
    );
    await stop(server);
    expect((await found(env)).findings).toEqual([]);
  });
});

async function membersOf(call: Call, spaceId: string): Promise<string[]> {
  const { items } = await call(spaces.listMembers, { params: { spaceId }, query: {} });
  return items.map(({ user }) => user.name).sort();
}

/** Once the index has taken in what is said now, these words lead nowhere. */
async function expectIndex(call: Call, spaceId: string, { gone }: { gone: string[] }) {
  await call(chat.postMessage, { params: { spaceId }, body: { text: 'a xylophone at last' } });
  await vi.waitFor(
    async () => {
      expect((await call(search, { query: { q: 'xylophone' } })).items[0]?.snippet).toContain(
        'xylophone',
      );
      for (const q of gone) {
        const { items } = await call(search, { query: { q } });
        expect(JSON.stringify(items)).not.toMatch(/wording|deploy|doomed/i);
      }
    },
    { timeout: 120_000, interval: 1_500 },
  );
}
