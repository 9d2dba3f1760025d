import { expect, it, onTestFinished } from 'vitest';
import { register } from '../../testing/people.ts';
import { appendEvents, createSpace, post, upTo } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { createLog } from '../core/log.ts';
import { createMemoryBus } from '../ports/bus.memory.ts';
import { createFollowers } from './followers.ts';

// Only here can two transactions be open at once: the embedded database has one connection.
it('an event whose transaction commits late is not skipped', async () => {
  const app = await useTestApp();
  const { db } = app.database;
  const owner = await register(app.url, 'Owner');
  const [slow, quick] = [await createSpace(owner), await createSpace(owner)];
  const seen: string[] = [];
  const followers = createFollowers(db, createMemoryBus(), createLog('silent'));
  onTestFinished(() => followers.stop());
  await followers.start({
    name: 'test-late',
    handle: (events) => {
      seen.push(
        ...events.map(({ spaceId, seq }) => `${spaceId === slow ? 'slow' : 'quick'} ${seq}`),
      );
      return Promise.resolve();
    },
  });
  await followers.idle();
  seen.length = 0;

  await db.transaction(async (tx) => {
    await appendEvents({ db: tx }, slow, 1);
    // Later transactions commit first, in another space; the follower looks meanwhile.
    for (const n of upTo(5)) await post(owner, quick, `message ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(seen).toEqual([]);
  });
  await followers.idle();
  expect(seen.sort()).toEqual(['quick 3', 'quick 4', 'quick 5', 'quick 6', 'quick 7', 'slow 3']);
});
