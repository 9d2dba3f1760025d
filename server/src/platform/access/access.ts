import { sql, type SQL } from 'drizzle-orm';
import {
  abilityIn,
  isEnough,
  type Ability,
  type Role,
  type Visibility,
} from '@teambrain/contract/role.ts';
import type { Actor } from '../core/actor.ts';
import { chain, type MaybePromise } from '../core/maybe-promise.ts';
import { problem } from '../core/problem.ts';
import type { Database, Executor } from '../db/database.ts';
import type { Cache } from '../ports/cache.ts';
import { createRights, rightsIn, type LookUpRights } from './rights.ts';
import type { Standings } from './standings.ts';

declare const proof: unique symbol;

/**
 * Proof that a door let `actor` into a space with at least ability `A`. Stores ask for it, so that
 * no SQL on a space's content runs unchecked. Only this module can make one.
 */
export type Space<A extends Ability | 'join' = 'join'> = Facts & Proofs[A];

interface Facts {
  readonly id: string;
  readonly actor: Actor;
  readonly role: Role | null;
  readonly visibility: Visibility;
  readonly ability: Ability | null;
  /** What the holder proved to have; checked again when the rights version moved. */
  readonly needs: Ability | 'join';
  readonly rightsVersion: number;
  /** The log's head when this was checked; what is made later is at least as new. */
  readonly head: number;
}

/** Each ability proves those below it, so a `Space<'manage'>` fits wherever `Space<'read'>` does. */
interface Proofs {
  join: { readonly [proof]: { join: true } };
  read: { readonly [proof]: { join: true; read: true } };
  write: { readonly [proof]: { join: true; read: true; write: true } };
  manage: { readonly [proof]: { join: true; read: true; write: true; manage: true } };
}

/** Proof that what follows is restricted to what `actor` may read. */
export interface Visible {
  readonly [proof]: true;
  readonly actor: Actor;
  /** Subquery of the ids of all readable spaces (of those asked for), to stand inside the SQL. */
  readonly spaceIds: SQL;
}

export type Access = ReturnType<typeof createAccess>;

/** The four doors' one way to make grants. */
export function createAccess(db: Database, cache: Cache, standings: Standings) {
  const lookUp = createRights(db, cache, standings);
  return {
    /**
     * Lets the actor in with at least `ability`.
     * @throws not-found, locked (protected, not joined) or forbidden (may read but not that)
     */
    space<A extends Ability>(actor: Actor, spaceId: string, ability: A): MaybePromise<Space<A>> {
      return admit(lookUp, actor, spaceId, ability) as unknown as MaybePromise<Space<A>>;
    },

    /** Up to the door of a space and no further: enough to join it. */
    entrance(actor: Actor, spaceId: string): MaybePromise<Space> {
      return admit(lookUp, actor, spaceId, 'join');
    },

    /** The door of a space that the transaction which is handed this makes itself. */
    founding(actor: Actor, { id, visibility }: Pick<Facts, 'id' | 'visibility'>): Space {
      const nobody = { role: null, ability: null, rightsVersion: 1, head: 0 };
      return { id, visibility, actor, needs: 'join', ...nobody } as unknown as Space;
    },

    /** All the actor may read, or of that only the given spaces. */
    visible(actor: Actor, only?: readonly string[]): Visible {
      const wanted = only ? sql` and s.id = any(${sql.param([...only])}::uuid[])` : sql``;
      const spaceIds = sql`(select s.id from spaces s where (s.visibility = 'public' or exists (select 1 from memberships m where m.space_id = s.id and m.user_id = ${actor.userId}))${wanted})`;
      return { actor, spaceIds } as Visible;
    },

    /** Only the space of a grant: for what is stored in or shown to that space alone. */
    within(space: Space<'read'>): Visible {
      return { actor: space.actor, spaceIds: sql`(${space.id}::uuid)` } as Visible;
    },
  };
}

/** Checks a grant anew inside a transaction, after the space's rights version was seen to move. */
export async function recheck(tx: Executor, space: Space): Promise<void> {
  // Who joins has no rights yet; the password is compared again where the membership is written.
  if (space.needs === 'join') return;
  await admit(rightsIn(tx), space.actor, space.id, space.needs);
}

/** What the grant's actor is and may do at this moment of the transaction. */
export async function standing(
  tx: Executor,
  space: Space,
): Promise<Pick<Space, 'role' | 'ability'>> {
  return admit(rightsIn(tx), space.actor, space.id, 'join');
}

function admit(
  lookUp: LookUpRights,
  actor: Actor,
  spaceId: string,
  needs: Ability | 'join',
): MaybePromise<Space> {
  return chain(lookUp({ spaceId, userId: actor.userId }), (rights) => {
    if (!rights) throw problem('not-found');
    const { visibility, role, rightsVersion, head } = rights;
    const ability = abilityIn({ visibility, role, isAdministrator: actor.isAdministrator });
    if (needs !== 'join') {
      if (ability === null) throw problem('locked');
      if (!isEnough(ability, needs)) throw problem('forbidden');
    }
    const facts: Facts = {
      id: spaceId,
      actor,
      needs,
      ability,
      visibility,
      role,
      rightsVersion,
      head,
    };
    return facts as Space;
  });
}
