import { expect, it } from 'vitest';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { ServerFrame } from '@teambrain/contract/socket.ts';
import { createLog } from '../core/log.ts';
import { spaceTopic } from '../events/relay.ts';
import { readHole } from '../events/replay.ts';
import { createMemoryBus } from '../ports/bus.memory.ts';
import { register } from '../../testing/people.ts';
import { appendEvents, createSpace, upTo } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';
import { createHub } from './hub.ts';
import { MAX_WAITING } from './room-queue.ts';
import type { Outlet } from './subscription.ts';

const EVENTS = 3_000;

it('more hints than the fan-out keeps up with wait in a bounded queue, and no event is lost', async () => {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const space = await createSpace(owner);
  const bus = createMemoryBus();
  // A hub of this test's own, whose poll does not come to the rescue.
  const log = createLog('silent');
  const countPage = () => 0;
  const hub = createHub({
    db: app.database.db,
    bus,
    access: app.access,
    log,
    countPage,
    pollMs: 3_600_000,
  });
  const received: SpaceEvent[] = [];
  const take = (frame: ServerFrame) => {
    if (frame.frame === 'event') received.push(frame.event);
    if (frame.frame === 'events') received.push(...frame.events);
  };
  const outlet: Outlet = {
    actor: { userId: owner.id, name: owner.name, sessionId: '', isAdministrator: true },
    send: take,
    sendBytes: (bytes) => take(JSON.parse(bytes.toString()) as ServerFrame),
    isFull: () => false,
    drained: () => Promise.resolve(true),
  };
  await hub.subscribe(outlet, space, 0);
  const first = received.length;
  await appendEvents(app.database, space, EVENTS);
  const events = await readHole(app.database.db, space, first, EVENTS);
  expect(events).toHaveLength(EVENTS);

  for (const event of events) void bus.publish(spaceTopic(space), event);
  expect(hub.waiting(space)).toBe(MAX_WAITING);
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(first + EVENTS);
  expect(received.map(({ seq }) => seq)).toEqual(upTo(first + EVENTS));
  expect(received.slice(first)).toEqual(events);
  expect(hub.waiting(space)).toBe(0);

  // It goes on as before.
  await appendEvents(app.database, space, 1);
  const [next] = await readHole(app.database.db, space, first + EVENTS, 1);
  await bus.publish(spaceTopic(space), next);
  await expect.poll(() => received.at(-1)).toEqual(next);
  hub.stop();
}, 60_000);
