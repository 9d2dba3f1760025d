import { canChangeMember, type Role } from '@teambrain/contract/role.ts';
import { isEmoji } from '@teambrain/contract/visible.ts';
import * as contract from '@teambrain/contract/spaces.ts';
import type { BodyOf, QueryOf } from '@teambrain/contract/endpoint.ts';
import type { Space } from '../../platform/access/access.ts';
import { holdSession } from '../../platform/access/hold-session.ts';
import type { Actor, Origin } from '../../platform/core/actor.ts';
import { decodeCursor, toPage } from '../../platform/core/cursor.ts';
import { hashOf, newId } from '../../platform/core/id.ts';
import { hashPassword } from '../../platform/core/password.ts';
import { requireGoodPassword } from '../../platform/core/password-rules.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import { insertAudit } from '../../platform/db/audit.ts';
import type { Executor } from '../../platform/db/database.ts';
import { redactEvents, type Change } from '../../platform/events/write.ts';
import { actOn } from './spaces.acts.ts';
import * as memberStore from './spaces.members.store.ts';
import { createJoining, type JoiningDependencies } from './spaces.joining.ts';
import * as store from './spaces.store.ts';

const ROLES: readonly Role[] = ['owner', 'moderator', 'member'];

export interface SpacesDependencies extends JoiningDependencies {
  /** Tells open windows that a space is gone. */
  onDeleted(spaceId: string): void;
}

export interface RemovalOptions {
  by?: Actor;
  isToStay?(tx: Executor): Promise<boolean>;
  origin?: Origin;
}

export type Spaces = ReturnType<typeof createSpaces>;

/** Spaces themselves: browse, create, settings. Who belongs to them: spaces.joining.ts, spaces.members.ts. */
export function createSpaces(deps: SpacesDependencies) {
  const { db, access, write, clock } = deps;

  async function view(actor: Actor, id: string): Promise<contract.Space> {
    const space = await store.findSpace(db, actor, id);
    if (!space) throw problem('not-found');
    return space;
  }

  return {
    ...createJoining(deps),

    async list(actor: Actor, query: QueryOf<typeof contract.listSpaces>) {
      const limit = query.limit ?? 50;
      const after = decodeCursor(query.after, 2) as [string, string] | undefined;
      const rows = await store.listSpaces(db, actor, {
        limit: limit + 1,
        ...(query.query ? { query: query.query } : {}),
        ...(query.joined ? { joined: query.joined === 'true' } : {}),
        ...(after ? { after } : {}),
      });
      const { items, next } = toPage(rows, limit, ({ key, space }) => [key, space.id]);
      return { items: items.map(({ space }) => space), next };
    },

    find: view,

    /**
     * The same id and content again gives its creator the space there is, as long as they belong to
     * it. The password says nothing then: it is compared with none, which would tell the present one.
     * @throws invalid-request (protected without a password, or public with one), weak-password,
     * id-taken
     */
    async create(
      actor: Actor,
      body: BodyOf<typeof contract.createSpace>,
      origin?: Origin,
    ): Promise<contract.Space> {
      const { id = newId(), visibility, password } = body;
      const name = body.name.trim();
      if ((visibility === 'protected') !== (password !== undefined)) {
        const detail = password ? 'A public space has no password' : 'Choose a password';
        throw fieldProblem('invalid-request', '/password', detail);
      }
      if (password !== undefined) requireGoodPassword(password, { 'the space’s name': name });
      const description = body.description ?? '';
      const mark = { emoji: body.emoji ?? null, colour: body.colour ?? null };
      requireEmoji(mark.emoji);
      const isMarked = mark.emoji !== null || mark.colour !== null;
      // Without the password, which a fast hash would give away.
      const requestHash = hashOf([name, description, visibility, ...(isMarked ? [mark] : [])]);
      const row = {
        id,
        name,
        description,
        ...mark,
        visibility,
        passwordHash: password === undefined ? null : await hashPassword(password),
        createdBy: actor.userId,
        requestHash,
        createdAt: clock.now(),
      };
      if (await found(actor, row, origin)) return view(actor, id);
      const isSame = await store.isCreation(db, actor, { id, requestHash });
      const space = isSame ? await view(actor, id) : null;
      if (!space?.role) throw problem('id-taken');
      return space;
    },

    /**
     * Changes what the request names. Of changes at the same moment one takes effect.
     * With `everyoneJoinsAnew` those are removed whom the actor may remove one by one.
     * @throws weak-password, conflict
     */
    async update(
      space: Space<'manage'>,
      body: BodyOf<typeof contract.updateSpace>,
      origin?: Origin,
    ): Promise<contract.Space> {
      const { password, everyoneJoinsAnew = false } = body;
      if ((password !== undefined || everyoneJoinsAnew) && space.visibility === 'public') {
        throw fieldProblem('invalid-request', '/password', 'A public space has no password');
      }
      requireEmoji(body.emoji ?? null);
      const before = await store.findSettings(db, space);
      const name = body.name?.trim();
      const change: store.Settings = {
        ...(name === undefined ? {} : { name }),
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.emoji === undefined ? {} : { emoji: body.emoji }),
        ...(body.colour === undefined ? {} : { colour: body.colour }),
      };
      if (password !== undefined) {
        requireGoodPassword(password, { 'the space’s name': name ?? before?.name ?? '' });
        change.passwordHash = await hashPassword(password);
      }
      await write(space, async (under) => {
        await holdSession(under.tx, space.actor);
        await under.next();
        await requireUnchanged(under, space, { before, change });
        await describe(under, space, change, origin);
        await lock(under, space, { ...change, everyoneJoinsAnew }, origin);
      });
      return view(space.actor, space.id);
    },

    /** Takes the note down that the password was being guessed; again is no error. */
    async takeNote(space: Space<'manage'>, origin?: Origin): Promise<void> {
      await db.transaction(async (tx) => {
        await holdSession(tx, space.actor);
        if (!(await store.clearGuessed(tx, space))) return;
        const action = 'space.guessing-noted';
        await insertAudit(tx, actOn(space, { action, at: clock.now(), origin }));
      });
    },

    /**
     * Deletes the space with all it holds; false if it is to stay, which is asked while nobody can
     * write there. `by` is who asked for it, if not the owner. @throws forbidden unless an owner does
     */
    async remove(
      space: Space<'manage'>,
      { by = space.actor, isToStay, origin }: RemovalOptions = {},
    ): Promise<boolean> {
      if (space.role !== 'owner') throw problem('forbidden', { detail: 'Only an owner may' });
      const isRemoved = await db.transaction(async (tx) => {
        await holdSession(tx, by);
        if (isToStay) {
          await store.lockSpace(tx, space);
          if (await isToStay(tx)) return false;
        }
        if (!(await store.removeSpace(tx, space))) {
          throw problem((await store.findSettings(tx, space)) ? 'forbidden' : 'not-found');
        }
        const act = { action: 'space.deleted', at: clock.now(), origin } as const;
        await insertAudit(tx, { ...actOn(space, act), actorId: by.userId });
        return true;
      });
      if (isRemoved) deps.onDeleted(space.id);
      return isRemoved;
    },
  };

  /** The space, its owner and its first events at once; false if the id is in use. */
  function found(
    actor: Actor,
    row: Parameters<typeof store.insertSpace>[1],
    origin?: Origin,
  ): Promise<boolean> {
    const { id, name, visibility } = row;
    const { userId } = actor;
    const user = { id: userId, name: actor.name };
    const space = access.founding(actor, { id, visibility });
    return write(space, async ({ tx, at, record }) => {
      await holdSession(tx, actor);
      if (!(await store.insertSpace(tx, row))) return false;
      await record(contract.spaceCreated, { id, version: 1 }, { name });
      await memberStore.insertMember(tx, space, { role: 'owner', at, seq: 0 });
      await record(contract.memberJoined, { id: userId, version: 1 }, { user, role: 'owner' });
      await insertAudit(tx, actOn(space, { action: 'space.created', at, origin }));
      return true;
    });
  }
}

/** Under the lock: nobody changed meanwhile what this request is about to. @throws conflict */
async function requireUnchanged(
  { tx }: Change,
  space: Space<'manage'>,
  { before, change }: { before: store.Settings | null; change: store.Settings },
): Promise<void> {
  const now = await store.findSettings(tx, space);
  for (const key of Object.keys(change) as (keyof store.Settings)[]) {
    if (now?.[key] !== before?.[key] && now?.[key] !== change[key]) {
      const detail = 'Someone changed this at the same moment; look at it and try again';
      throw problem('conflict', { detail });
    }
  }
}

/** Name, description and mark. */
async function describe(
  { tx, at, record }: Change,
  space: Space<'manage'>,
  { passwordHash: _, ...change }: store.Settings,
  origin: Origin | undefined,
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  // Of the words it was made with nothing stays, nor a hash by which they could be guessed.
  await store.updateSpace(tx, space, { ...change, requestHash: '' });
  const after = await store.findSettings(tx, space);
  const { name = '', description = '', emoji = null, colour = null } = after ?? {};
  const data = { name, description, emoji, colour };
  await redactEvents(tx, space, { type: 'space', id: space.id });
  await record(contract.spaceUpdated, { id: space.id, version: 1 }, data);
  await insertAudit(tx, actOn(space, { action: 'space.updated', at, origin }));
}

/** The password, and who has to type it again. */
async function lock(
  { tx, at, standing, record }: Change,
  space: Space<'manage'>,
  { passwordHash, everyoneJoinsAnew }: store.Settings & { everyoneJoinsAnew: boolean },
  origin: Origin | undefined,
): Promise<void> {
  if (passwordHash === undefined && !everyoneJoinsAnew) return;
  if (passwordHash !== undefined) {
    await store.updateSpace(tx, space, { passwordHash, guessedAt: null });
  }
  const { role } = await standing();
  const leave = ROLES.filter((theirs) => theirs !== 'owner' && canChangeMember(role, theirs, null));
  const stay = ROLES.filter((theirs) => !leave.includes(theirs));
  const removed = everyoneJoinsAnew ? await memberStore.removeMembers(tx, space, leave) : 0;
  const data = everyoneJoinsAnew ? { everyoneJoinsAnew, stay } : { everyoneJoinsAnew };
  await record(contract.spacePasswordChanged, { id: space.id, version: 1 }, data);
  const action =
    passwordHash === undefined ? 'space.everyone-joins-again' : 'space.password-changed';
  const detail = everyoneJoinsAnew ? `${removed} have to join again` : undefined;
  await insertAudit(tx, actOn(space, { action, at, detail, origin }));
}

function requireEmoji(emoji: string | null): void {
  if (emoji === null || isEmoji(emoji)) return;
  throw fieldProblem('invalid-request', '/emoji', 'is not one emoji');
}
