import { getMe } from '@teambrain/contract/auth.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { isProblem } from '@teambrain/client/errors.ts';
import { newId } from '@teambrain/client/id.ts';
import type { Op } from '../history.ts';
import type { BenchClient } from './client.ts';
import { attempt } from './recorder.ts';
import { begin, pause, persist, type BenchSpace, type World } from './world.ts';

const ownerOf = (space: BenchSpace) => space.members[0];

export async function removeMember(world: World, client: BenchClient, space: BenchSpace) {
  const owner = ownerOf(space);
  if (!owner || owner === client || owner.isAway) return;
  const op = begin(world, owner, space, { kind: 'remove', subject: client.userId });
  const params = { spaceId: space.id, userId: client.userId };
  await persist(world, owner, space, op, () => owner.call(spaces.removeMember, { params }));
  await rejoin(world, client, space.id);
}

export async function leave(world: World, client: BenchClient, space: BenchSpace) {
  if (ownerOf(space) === client) return;
  const op = begin(world, client, space, { kind: 'leave', subject: client.userId });
  const params = { spaceId: space.id };
  await persist(world, client, space, op, () => client.call(spaces.leaveSpace, { params }));
  await rejoin(world, client, space.id);
}

export async function changePassword(world: World, _client: BenchClient, space: BenchSpace) {
  const owner = ownerOf(space);
  if (!owner || !space.isProtected) return;
  const password = `password ${newId()}`;
  const op = begin(world, owner, space, { kind: 'password', subject: space.id });
  space.passwords.push(password);
  const body = { password, everyoneJoinsAnew: true };
  const params = { spaceId: space.id };
  await persist(world, owner, space, op, () => owner.call(spaces.updateSpace, { params, body }));
  const others = space.members.filter((member) => member !== owner);
  await Promise.all(others.map((member) => rejoin(world, member, space.id)));
}

/** Ends all sessions of the account, tries the old token everywhere, and signs in again. */
export async function logoutAll(world: World, client: BenchClient) {
  const { recorder, cluster } = world;
  const token = client.session.accessToken();
  if (!token) return;
  await client.retrying(() => client.session.logoutAll()).catch(() => undefined);
  const ended = recorder.now();
  const isTold = client.session.accessToken() === null;
  const grace = world.grace();
  await pause(grace);
  if (isTold) {
    await Promise.all(
      cluster.instances.map(async ({ url }) => {
        const at = recorder.now();
        const call = client.callAt(url, token);
        const isAccepted = await call(getMe, {}, { timeout: 5_000 }).then(
          () => true,
          () => false,
        );
        recorder.probes.push({ what: 'ended-session', at, age: at - ended, grace, isAccepted });
      }),
    );
  }
  await client.signInAgain();
}

/** Tries under way, by member and space; whether another is due after it. */
const rejoining = new Map<string, { isDueAgain: boolean }>();

/** Comes back to a space after a moment outside; one try at a time per member and space. */
export async function rejoin(world: World, client: BenchClient, spaceId: string): Promise<void> {
  const space = world.spaces.find(({ id }) => id === spaceId);
  const key = `${client.index} ${spaceId}`;
  const running = rejoining.get(key);
  if (running) running.isDueAgain = true;
  if (!space || running) return;
  const own = { isDueAgain: false };
  rejoining.set(key, own);
  try {
    do {
      own.isDueAgain = false;
      await rejoinOnce(world, client, space);
      // Shut out once more meanwhile, and not followed since: the door allows few tries.
    } while (own.isDueAgain && client.cursor(spaceId) === null && !client.isAway);
  } finally {
    rejoining.delete(key);
  }
}

async function rejoinOnce(world: World, client: BenchClient, space: BenchSpace): Promise<void> {
  const spaceId = space.id;
  const view = client.views.get(spaceId);
  if (view) view.isMember = false;
  await pause(500 + (client.index % 7) * 200);
  const op = begin(world, client, space, { kind: 'join', subject: client.userId });
  if (!(await knock(world, client, space, op, 0)) && !(await knock(world, client, space, op, 1))) {
    return;
  }
  await client.retrying(() => client.open(spaceId), 120_000);
}

/** Joins with the newest password known now or an older one; false when it is the wrong one. */
async function knock(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  op: Op,
  age: number,
): Promise<boolean> {
  const params = { spaceId: space.id };
  const join = () => {
    const password = space.passwords.at(-1 - age);
    const body = space.isProtected && password !== undefined ? { password } : {};
    return attempt(world.recorder, op, () => client.call(spaces.joinSpace, { params, body }));
  };
  try {
    await client.retrying(join);
    return true;
  } catch (error) {
    if (isProblem(error, 'wrong-password')) return false;
    throw error;
  }
}
