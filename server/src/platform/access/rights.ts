import { sql } from 'drizzle-orm';
import type { Role } from '@teambrain/contract/role.ts';
import { createGroups } from '../core/groups.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import type { Database, Executor } from '../db/database.ts';
import { prepare } from '../db/prepared.ts';
import type { Cache } from '../ports/cache.ts';
import {
  LOOK_UPS,
  STANDING,
  toStanding,
  type Standing,
  type StandingRow,
  type Standings,
} from './standings.ts';

/** Someone before the door of a space. */
export interface Asked {
  spaceId: string;
  userId: string;
}

export interface Rights extends Omit<Standing, 'roles'> {
  role: Role | null;
}

/** What stands between someone and a space; null where there is no such space. */
export type LookUpRights = (asked: Asked) => MaybePromise<Rights | null>;

/** How long a role is kept. Its key carries the rights version, so that no old one is asked for. */
const ROLE_MS = 600_000;

/**
 * Looks rights up for every request anew: where the space stands, and the role that is kept with that
 * standing, or else from the cache under the rights version just found.
 */
export function createRights(db: Database, cache: Cache, standings: Standings): LookUpRights {
  const roles = rolesOf(db);

  async function ask(asked: Asked, standing: Standing): Promise<Rights> {
    const key = `role:${asked.spaceId}:${standing.rightsVersion}:${asked.userId}`;
    const load = async () => ({ role: await roles.add(asked) });
    const { role } = await cache.load(key, ROLE_MS, load);
    standing.roles?.set(asked.userId, role);
    return rightsOf(standing, role);
  }

  return (asked) =>
    chain(standings.find(asked.spaceId), (standing) => {
      if (!standing) return null;
      const role = standing.roles?.get(asked.userId);
      return role === undefined ? ask(asked, standing) : rightsOf(standing, role);
    });
}

const rightsOf = ({ visibility, rightsVersion, head }: Standing, role: Role | null): Rights => ({
  visibility,
  rightsVersion,
  head,
  role,
});

/** Rights as a transaction sees them, past the cache. */
export const rightsIn =
  (tx: Executor): LookUpRights =>
  async ({ spaceId, userId }) => {
    const { rows } = await tx.execute<StandingRow & { role: Role | null }>(sql`
      select ${STANDING}, m.role from spaces s
      left join memberships m on m.space_id = s.id and m.user_id = ${userId}
      where s.id = ${spaceId}`);
    const [row] = rows;
    return row ? { ...toStanding(row), role: row.role } : null;
  };

function rolesOf(db: Database) {
  const find = prepare<{ n: number; role: Role }, 'spaceIds' | 'userIds'>(
    db,
    'roles',
    sql`select i.n::int, m.role
      from unnest(${sql.placeholder('spaceIds')}::uuid[], ${sql.placeholder('userIds')}::uuid[])
        with ordinality i(space_id, user_id, n)
      join memberships m on m.space_id = i.space_id and m.user_id = i.user_id`,
  );
  return createGroups({
    ...LOOK_UPS,
    async run(asked: readonly Asked[]): Promise<(Role | null)[]> {
      const spaceIds = asked.map(({ spaceId }) => spaceId);
      const userIds = asked.map(({ userId }) => userId);
      const roles = new Array<Role | null>(asked.length).fill(null);
      for (const { n, role } of await find({ spaceIds, userIds })) roles[n - 1] = role;
      return roles;
    },
  });
}
