import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { newInstallation, reportOf } from '../../src/testing/cli.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { send } from '../../src/testing/http.ts';
import { callAs, codeOf } from '../../src/testing/people.ts';
import { sharedRedisUrl } from '../../src/testing/redis.ts';
import { startServer } from '../../src/testing/server-process.ts';
import { settle, signIn, type Call } from './backup.world.ts';

/** The page that every window opens with, which instances share through Redis. */
const latest = async (call: Call, spaceId: string) => {
  const { items } = await call(chat.listMessages, { params: { spaceId }, query: {} });
  return items.map(({ text }) => text);
};

describe('a restore beside a Redis that goes on', { timeout: 300_000 }, () => {
  it('is not mixed with what Redis remembers: pages, sessions, counts', async () => {
    // Long windows, so that nothing is forgotten while the processes start.
    const LIMITS = 'login-account=2/3600, login=999/60';
    const shared = { REDIS_URL: sharedRedisUrl(), SECRET: randomUUID().repeat(2), LIMITS };
    const env = { ...(await newInstallation()), ...shared };
    const start = async () => {
      const server = startServer(env);
      await server.ready();
      return server;
    };
    let server = await start();
    const { first, spaceId } = await settle(server, 1);
    const file = join(folderOf({}), 'team.tar');
    await reportOf(['backup', file], env);

    const params = { spaceId };
    const kept = await latest(first.call, spaceId);
    await first.call(chat.postMessage, { params, body: { text: 'of the lost interval' } });
    expect(await latest(first.call, spaceId)).toEqual([...kept, 'of the lost interval']);
    const guess = async () => {
      const body = { email: 'writer.1@example.org', password: 'not the right password' };
      return (await send(server.url, 'POST /auth/login', { body })).status;
    };
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);

    await reportOf(['restore', file, '--replace'], env);
    server = await start();
    expect(await codeOf(callAs(server.url, first.token)(auth.getMe, {}))).toBe('session-ended');
    const { call } = await signIn(server, 'login', 1);
    expect(await latest(call, spaceId)).toEqual(kept);
    // The log is as long again as it was when the other page was kept.
    await call(chat.postMessage, { params, body: { text: 'after the restore' } });
    expect(await latest(call, spaceId)).toEqual([...kept, 'after the restore']);
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
  });
});
