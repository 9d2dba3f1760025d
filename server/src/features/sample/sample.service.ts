import { v5 } from 'uuid';
import type { SampleRemoved, SampleTeam } from '@teambrain/contract/sample.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { newId } from '../../platform/core/id.ts';
import { paths } from '../../platform/core/paths.ts';
import { problem, ProblemError } from '../../platform/core/problem.ts';
import type { Database, Executor } from '../../platform/db/database.ts';
import type { Hands } from './hands.ts';
import {
  instantOf,
  readTeam,
  type SampleItem,
  type SampleMessage,
  type SampleTeamTexts,
} from './read-team.ts';
import * as store from './sample.store.ts';

export interface SampleDependencies extends Hands {
  db: Database;
  clock: Clock;
  access: Access;
  /** Whether anybody but these people wrote a message or an entry in the space. */
  hasWritten(db: Executor, spaceId: string, besides: readonly string[]): Promise<boolean>;
}

export type Sample = ReturnType<typeof createSample>;

/** How long one request goes on loading, in ms; requests end at 4.4 s. */
const PORTION_MS = 1_500;

/** What there is to load, for whom, and from when its times count back. */
interface Plan extends SampleTeamTexts {
  seed: string;
  owner: Actor;
  startedAt: Date;
}

/**
 * The sample team. Everything is written through the services, by people who cannot sign in; the
 * ids come from a random seed that is stored, so that any request, on any instance, goes on with a
 * load where another left it, and so that removing touches nothing else.
 */
export function createSample(deps: SampleDependencies) {
  const { db, clock, auth, spaces, access } = deps;
  let reading: Promise<SampleTeamTexts> | null = null;
  /** The load this process is in the middle of; what another began is written again, to no effect. */
  let loading: { seed: string; done: number; work: AsyncGenerator<number, void> } | null = null;
  let running: Promise<unknown> = Promise.resolve();

  /** One load or removal at a time in this process. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = running.then(work, work);
    running = turn.catch(() => undefined);
    return turn;
  }

  async function planOf(row: store.SampleRow): Promise<Plan> {
    reading ??= readTeam(paths.sample).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    const team = await reading;
    const owner = await auth.createImported('TeamBrain', row.ownerId);
    return { ...team, seed: row.seed, owner, startedAt: row.startedAt };
  }

  async function state(): Promise<SampleTeam> {
    const row = await store.findSample(db);
    if (!row) return { state: 'none', done: 0, total: 0 };
    const { spaces: rooms } = await planOf(row);
    const total = rooms.reduce((sum, { items }) => sum + items.length, 0);
    if (row.finishedAt) return { state: 'loaded', done: total, total };
    return { state: 'partly', done: loading?.seed === row.seed ? loading.done : 0, total };
  }

  /** @throws conflict unless the instance has no spaces of its own */
  async function load(actor: Actor): Promise<SampleTeam> {
    const before = await store.findSample(db);
    if (before?.finishedAt) {
      await adopt(await planOf(before), actor);
      return state();
    }
    if (!before) {
      const { items } = await spaces.list(actor, { limit: 1 });
      if (items.length > 0) {
        throw problem('conflict', { detail: 'The sample team needs an instance without spaces' });
      }
      const row = { seed: newId(), ownerId: actor.userId, startedAt: clock.now() };
      await store.insertSample(db, row);
    }
    const row = await store.findSample(db);
    if (row) await loadPortion(await planOf(row));
    return state();
  }

  /** Loaded from the command line before there was an account: the spaces get an owner. */
  async function adopt({ seed, owner, spaces: rooms }: Plan, actor: Actor): Promise<void> {
    if (!(await auth.isImported(owner.userId))) return;
    for (const { key } of rooms) {
      const id = v5(`space ${key}`, seed);
      await spaces.join(actor, id, v5(`password ${key}`, seed));
      const grant = await access.space(owner, id, 'manage');
      await deps.members.update(grant, actor.userId, 'owner');
    }
  }

  async function loadPortion(plan: Plan): Promise<void> {
    const { seed } = plan;
    const until = performance.now() + PORTION_MS;
    if (loading?.seed !== seed) loading = { seed, done: 0, work: write(plan) };
    const current = loading;
    try {
      while (performance.now() < until) {
        const step = await current.work.next();
        if (step.done) return await store.finishSample(db, clock.now());
        current.done = step.value;
      }
    } catch (error) {
      loading = null;
      throw error;
    }
  }

  /** Writes everything, small step by small step; yields how many items are written. */
  async function* write(plan: Plan): AsyncGenerator<number, void> {
    const { seed, owner, people, spaces: rooms } = plan;
    let done = 0;
    const actors = new Map<string, Actor>();
    for (const [key, name] of Object.entries(people)) {
      actors.set(key, await auth.createImported(name, personId(seed, key)));
      yield done;
    }
    for (const { key, name, description, visibility, emoji, members, items } of rooms) {
      const id = v5(`space ${key}`, seed);
      // Nobody knows it: the owner sets one to let others in.
      const password = v5(`password ${key}`, seed);
      const lock = visibility === 'protected' ? { password } : {};
      const body = { id, name, description, visibility, emoji, ...lock };
      await spaces.create(owner, body).catch(ignoreTaken);
      const insiders = new Map<string, Actor>();
      for (const member of members) {
        const actor = actors.get(member);
        if (!actor) continue;
        await spaces.join(actor, id, password);
        insiders.set(member, actor);
        yield done;
      }
      // Only now: each join moves the rights, and an older grant is checked again at each write.
      const grants = new Map<string, Space<'write'>>();
      for (const [member, actor] of insiders) {
        grants.set(member, await access.space(actor, id, 'write'));
      }
      for (const item of items) {
        const grant = grants.get(item.author);
        if (grant) await writeItem(plan, key, grant, item);
        yield (done += 1);
      }
      await deps.unread.startHere(id);
    }
  }

  async function writeItem(plan: Plan, space: string, grant: Space<'write'>, item: SampleItem) {
    const { seed } = plan;
    const at = instantOf(item.at, plan.startedAt);
    try {
      if (item.kind === 'message') {
        const idFor = ({ at: { daysAgo, time }, author, text }: SampleMessage) =>
          v5(`message ${space} ${daysAgo} ${time} ${author} ${text}`, seed);
        const reply = item.root && { threadId: idFor(item.root) };
        await deps.chat.post(grant, { id: idFor(item), text: item.text, ...reply }, { at });
        return;
      }
      const { kind, title, markdown, decision, status, parent } = item;
      const idOf = (name: string) => v5(`entry ${space} ${name}`, seed);
      const body = {
        ...{ id: idOf(title), kind, title },
        ...(decision ? { decision } : { markdown }),
        ...(status ? { status } : {}),
        ...(parent ? { parentId: idOf(parent) } : {}),
      };
      await deps.knowledge.create(grant, body, { at });
    } catch (error) {
      // Someone changed or deleted it before the load was over.
      ignoreTaken(error);
    }
  }

  /** Removes the spaces and people, unless others have written there or own it now. */
  async function remove(actor: Actor): Promise<SampleRemoved> {
    const row = await store.findSample(db);
    if (!row) return { removed: 0, kept: [] };
    const { owner, people, spaces: rooms, seed } = await planOf(row);
    const insiders = Object.keys(people).map((key) => personId(seed, key));
    let removed = 0;
    const kept: SampleRemoved['kept'] = [];
    for (const { key, name } of rooms) {
      const id = v5(`space ${key}`, seed);
      const outcome = await removeSpace(owner, actor, id, insiders);
      if (outcome === 'removed') removed += 1;
      if (outcome === 'kept') kept.push({ id, name });
    }
    await auth.removeImported(insiders);
    await store.removeSample(db);
    loading = null;
    return { removed, kept };
  }

  async function removeSpace(
    owner: Actor,
    by: Actor,
    id: string,
    insiders: readonly string[],
  ): Promise<'removed' | 'kept' | 'missing'> {
    try {
      const space = await access.space(owner, id, 'manage');
      const isToStay = (tx: Executor) => deps.hasWritten(tx, id, insiders);
      return (await spaces.remove(space, { by, isToStay })) ? 'removed' : 'kept';
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.code === 'not-found') return 'missing';
      if (error.code === 'forbidden' || error.code === 'locked') return 'kept';
      throw error;
    }
  }

  return {
    state,
    load: (actor: Actor): Promise<SampleTeam> => inTurn(() => load(actor)),
    remove: (actor: Actor): Promise<SampleRemoved> => inTurn(() => remove(actor)),
  };
}

const personId = (seed: string, key: string): string => v5(`person ${key}`, seed);

/** @throws whatever is not about something that exists or was deleted already */
function ignoreTaken(error: unknown): void {
  const isTaken =
    error instanceof ProblemError && (error.code === 'id-taken' || error.code === 'gone');
  if (!isTaken) throw error;
}
