import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Role, Visibility } from '@teambrain/contract/role.ts';
import { createGroups, type GroupOptions } from '../core/groups.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { Database } from '../db/database.ts';
import { prepare } from '../db/prepared.ts';

/** What a space is at this moment. */
export interface Standing {
  visibility: Visibility;
  /** Moves with every change of who may do what here. */
  rightsVersion: number;
  /** The seq of the log's latest event. */
  head: number;
  /** Roles by user, of those who asked: kept with a standing that is kept, for this rights version. */
  roles?: Map<string, Role | null>;
}

/** Where spaces stand: asked at every request, before anything of a space is read or written. */
export interface Standings {
  /** No change that was over before this call is missed; null where there is no such space. */
  find(spaceId: string): MaybePromise<Standing | null>;
  /** A commit of this process moved the log's head, and nothing else. */
  advanced(spaceId: string, head: number): void;
  /** A change by this process is over, however it ended. */
  forget(spaceId: string): void;
}

/**
 * One look-up at a time, and who comes meanwhile goes with the next: fewer and larger statements. A
 * second one sets off beside one that is slow.
 */
export const LOOK_UPS = {
  flights: 2,
  spareAfterMs: 50,
  maxItems: 200,
  maxWaiting: 10_000,
  patienceMs: 4_000,
} satisfies Partial<GroupOptions<never, never>>;

/** Among several instances: the database is asked each time. */
export function createSharedStandings(db: Database): Standings {
  const groups = groupsOf(db);
  return { find: (id) => groups.add(id), advanced: () => undefined, forget: () => undefined };
}

/** Bounds what a change past this process can leave behind (a statement by hand). */
const LIFE_MS = 1_000;

/**
 * In a process that is alone on its database: every change goes through it, so it knows where its
 * spaces stand from one change to the next. A look-up that began before a change is not kept, nor
 * shared with who asks after it.
 */
export function createOwnStandings(db: Database): Standings {
  const groups = groupsOf(db);
  const known = new LRUCache<string, Standing>({
    max: 10_000,
    ttl: LIFE_MS,
    ttlResolution: 0,
    noUpdateTTL: true,
  });
  const asked = new Map<string, Promise<Standing | null>>();

  async function ask(id: string): Promise<Standing | null> {
    const answer = groups.add(id).then((found) => found && { ...found, roles: new Map() });
    asked.set(id, answer);
    const isLatest = () => asked.get(id) === answer;
    try {
      const standing = await answer;
      if (standing && isLatest()) known.set(id, standing, { noUpdateTTL: false });
      return standing;
    } finally {
      if (isLatest()) asked.delete(id);
    }
  }

  return {
    find: (id) => known.get(id) ?? asked.get(id) ?? ask(id),
    advanced(id, head) {
      asked.delete(id);
      const standing = known.get(id);
      if (standing && standing.head < head) known.set(id, { ...standing, head });
    },
    forget(id) {
      asked.delete(id);
      known.delete(id);
    },
  };
}

export const STANDING = sql`s.id, s.visibility, s.rights_version "rightsVersion", s.last_seq head`;

export interface StandingRow extends Record<string, unknown> {
  id: string;
  visibility: Visibility;
  rightsVersion: string;
  head: string;
}

export const toStanding = ({ visibility, rightsVersion, head }: StandingRow): Standing => ({
  visibility,
  rightsVersion: Number(rightsVersion),
  head: Number(head),
});

function groupsOf(db: Database) {
  const find = prepare<StandingRow, 'ids'>(
    db,
    'standings',
    sql`select ${STANDING} from spaces s where s.id = any(${sql.placeholder('ids')}::uuid[])`,
  );
  return createGroups({
    ...LOOK_UPS,
    async run(ids: readonly string[]) {
      const rows = await find({ ids: [...new Set(ids)] });
      const found = new Map(rows.map((row) => [row.id, toStanding(row)]));
      return ids.map((id) => found.get(id) ?? null);
    },
  });
}
