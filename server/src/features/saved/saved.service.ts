import type { AnswerOf, BodyOf } from '@teambrain/contract/endpoint.ts';
import * as contract from '@teambrain/contract/saved.ts';
import type { Access } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { instantOf } from '../../platform/core/instant.ts';
import type { Clock } from '../../platform/core/clock.ts';
import type { LookUp } from '../../platform/core/knowledge.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import { tellOwn } from '../../platform/realtime/heads.ts';
import * as store from './saved.store.ts';

export interface SavedDependencies {
  db: Database;
  access: Access;
  bus: Bus;
  clock: Clock;
  lookUp: LookUp;
}

export type SavedThings = ReturnType<typeof createSaved>;

/** Messages and entries that people keep for later: state of one person, no event of a space. */
export function createSaved({ db, access, bus, clock, lookUp }: SavedDependencies) {
  async function readable(actor: Actor) {
    const visible = access.visible(actor);
    const rows = await store.listSaved(db, visible);
    const find = await lookUp(
      visible,
      rows.map(({ ref }) => ref),
    );
    return rows.map((row) => ({ ...row, known: find(row.ref) }));
  }

  /** Forgets what is gone or hidden from the person, of which they cannot know. */
  async function forgetHidden(actor: Actor): Promise<void> {
    for (const { ref, known } of await readable(actor)) {
      if (!known) await store.removeSaved(db, actor.userId, ref);
    }
  }

  return {
    async list(actor: Actor): Promise<AnswerOf<typeof contract.listSaved>> {
      const items = (await readable(actor)).flatMap(({ known, dueAt, savedAt }) => {
        if (!known) return [];
        const text = known.text.slice(0, contract.SAVED_TEXT).replace(/[\uD800-\uDBFF]$/, '');
        const times = { dueAt: dueAt?.toISOString() ?? null, savedAt: savedAt.toISOString() };
        return [{ source: known.card, text, ...times }];
      });
      return { items };
    },

    /** @throws not-found for what one may not read; invalid-request where one has saved too much */
    async put(
      actor: Actor,
      { on, dueAt = null, ...ref }: BodyOf<typeof contract.putSaved>,
    ): Promise<void> {
      const { userId } = actor;
      if (on) {
        const find = await lookUp(access.visible(actor), [ref]);
        if (!find(ref)) throw problem('not-found');
        const row = {
          ref,
          dueAt: dueAt === null ? null : instantOf(dueAt, '/body/dueAt'),
          savedAt: clock.now(),
        };
        if (!(await add(userId, row))) {
          await forgetHidden(actor);
          if (!(await add(userId, row))) throw tooMuch();
        }
      } else await store.removeSaved(db, userId, ref);
      tellOwn(bus, userId, 'saved');
    },
  };

  /** False where the person has saved as much as they can. */
  function add(userId: string, row: store.SavedRow): Promise<boolean> {
    return db.transaction(async (tx) => {
      const { count, has } = await store.holdSaved(tx, userId, row.ref);
      if (!has && count >= contract.SAVED_MAX) return false;
      await store.putSaved(tx, userId, row);
      return true;
    });
  }
}

function tooMuch() {
  const detail = `You have saved ${contract.SAVED_MAX} things: remove one first`;
  return problem('invalid-request', { detail, errors: [{ pointer: '/body/id', detail }] });
}
