import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { SignedIn } from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { createSpace } from '@teambrain/contract/spaces.ts';
import { mountSmall } from '../../src/testing/folders.ts';
import { send } from '../../src/testing/http.ts';
import { callAs } from '../../src/testing/people.ts';
import { startServer } from '../../src/testing/server-process.ts';

const canMount = process.getuid?.() === 0;
const PASSWORD = 'a password on a full disk';

/** A data folder on a disk of its own; `fill` takes the room that is left, `free` gives it back. */
function useSmallDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'teambrain-disk-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  mountSmall(disk, 200 << 20);
  const models = join(inject('modelDir'), 'models');
  mkdirSync(models, { recursive: true });
  symlinkSync(models, join(disk, 'models'));
  const filler = join(disk, 'filler');
  return {
    dataDir: disk,
    fill() {
      for (const size of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch (error) {
          expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
        }
      }
    },
    free: () => rmSync(filler),
  };
}

it.runIf(canMount)(
  'on a full disk writes are refused, reads go on, and nothing that was acknowledged is lost',
  async () => {
    const disk = useSmallDisk();
    const first = startServer({ DATA_DIR: disk.dataDir });
    await first.ready();
    const email = 'a@example.org';
    const body = { email, name: 'A', password: PASSWORD };
    const { accessToken } = (
      await send(first.url, 'POST /auth/register', { body })
    ).json<SignedIn>();
    const call = callAs(first.url, accessToken);
    const { id } = await call(createSpace, { body: { name: 'S', visibility: 'public' } });
    const at = { params: { spaceId: id } };
    const kept: string[] = [];
    const write = async (text: string) => {
      const reply = await send(first.url, `POST /spaces/${id}/messages`, {
        token: accessToken,
        body: { text },
      });
      if (reply.status === 201) kept.push(text);
      return reply;
    };
    expect((await write('before')).status).toBe(201);
    disk.fill();
    let refused = 0;
    for (let n = 0; n < 200 && refused < 5; n += 1) {
      const reply = await write(`${n} ${'x'.repeat(4_000)}`);
      if (reply.status === 429) await new Promise((resolve) => setTimeout(resolve, 1_000));
      if (reply.status === 429 || reply.status === 201) continue;
      refused += 1;
      expect([reply.status, reply.code]).toEqual([507, 'storage-full']);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(refused).toBe(5);
    const shown = async (ask: typeof call) =>
      (await ask(chat.listMessages, { ...at, query: { limit: 200 } })).items.map(
        ({ text }) => text,
      );
    expect(await shown(call)).toEqual(kept);

    disk.free();
    await expect.poll(async () => (await write('after')).status, { timeout: 15_000 }).toBe(201);
    expect(await shown(call)).toEqual(kept);
    first.kill('SIGKILL');
    await first.ended();
    const second = startServer({ DATA_DIR: disk.dataDir });
    await second.ready();
    expect(await shown(callAs(second.url, accessToken))).toEqual(kept);
  },
  120_000,
);
