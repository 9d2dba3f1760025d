import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { uploadFile } from '@teambrain/contract/files.ts';
import type { DoctorReport } from '../../src/cli/doctor.ts';
import { newInstallation, reportOf } from '../../src/testing/cli.ts';
import { fetchFile } from '../../src/testing/files/uploads.ts';
import { folderOf } from '../../src/testing/folders.ts';
import { startServer } from '../../src/testing/server-process.ts';
import { settle, signIn } from './backup.world.ts';

it(
  'a backup brings the files of messages back, byte for byte, to another place',
  { timeout: 300_000 },
  async () => {
    const env = await newInstallation();
    const server = startServer(env);
    await server.ready();
    const { first, spaceId } = await settle(server, 1);
    const bytes = randomBytes(1_500_000);
    const params = { spaceId };
    const file = { name: 'plan.bin', bytes };
    const { id } = await first.call(uploadFile, { params, file });
    await first.call(chat.postMessage, { params, body: { files: [id] } });
    const path = join(folderOf({}), 'team.tar');
    await reportOf(['backup', path], env);
    server.kill('SIGTERM');
    await server.ended();

    const elsewhere = await newInstallation();
    await reportOf(['restore', path], elsewhere);
    expect((await reportOf<DoctorReport>(['doctor'], elsewhere)).findings).toEqual([]);
    const restored = startServer(elsewhere);
    await restored.ready();
    const { token } = await signIn(restored, 'login', 1);
    const answer = await fetchFile(restored.url, id, { authorization: `Bearer ${token}` });
    expect([answer.status, Buffer.from(await answer.arrayBuffer()).equals(bytes)]).toEqual([
      200,
      true,
    ]);
  },
);
