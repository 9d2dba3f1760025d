import * as contract from '@teambrain/contract/drafts.ts';
import type { AnswerOf, BodyOf } from '@teambrain/contract/endpoint.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { problem } from '../../platform/core/problem.ts';
import type { Database, Tx } from '../../platform/db/database.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import { tellOwn } from '../../platform/realtime/heads.ts';
import * as store from './drafts.store.ts';

export interface DraftsDependencies {
  db: Database;
  access: Access;
  bus: Bus;
  clock: Clock;
}

export type Drafts = ReturnType<typeof createDrafts>;

/** Words that were not sent yet: state of one person, in no log and no index. */
export function createDrafts({ db, access, bus, clock }: DraftsDependencies) {
  async function find(
    space: Space<'write'>,
    threadId: string | null,
  ): Promise<AnswerOf<typeof contract.getDraft>> {
    return { draft: await store.findDraft(db, space, threadId) };
  }

  return {
    find,

    async list(actor: Actor): Promise<AnswerOf<typeof contract.listDrafts>> {
      const rows = await store.listDrafts(db, access.visible(actor));
      const items = rows.map(({ text, updatedAt, ...draft }) => ({
        ...draft,
        // Without the half of a pair that may be left at the end.
        text: text.replace(/[\uD800-\uDBFF]$/, ''),
        updatedAt: updatedAt.toISOString(),
      }));
      return { items };
    },

    /**
     * Keeps a draft under the next version, or forgets it where it has neither text nor files.
     * @throws stale-version (with the draft there is) where that is another than `base`;
     *   invalid-request where the person has too many
     */
    async put(
      space: Space<'write'>,
      { threadId = null, text, files = [], base }: BodyOf<typeof contract.putDraft>,
    ): Promise<AnswerOf<typeof contract.putDraft>> {
      const { userId } = space.actor;
      const at = clock.now();
      const isTaken = await db.transaction(async (tx) => {
        await store.holdDrafts(tx, userId);
        const version = await store.versionOf(tx, space, threadId);
        if (version !== null && version !== base) return false;
        if (text.trim() === '' && files.length === 0) {
          await store.removeDraft(tx, space, threadId);
          return true;
        }
        if (version === null) await makeRoom(tx, space.actor);
        const now = at.getTime();
        // Of what is gone the window knows the version.
        const next = Math.max((version ?? Math.min(base, now)) + 1, now);
        await store.putDraft(tx, space, { threadId, text, files, version: next, updatedAt: at });
        return true;
      });
      const answer = await find(space, threadId);
      if (!isTaken) throw problem('stale-version', { current: answer.draft });
      tellOwn(bus, userId, 'drafts');
      return answer;
    },
  };

  /** Drafts in spaces that the person may not read any more go first. @throws invalid-request */
  async function makeRoom(tx: Tx, actor: Actor): Promise<void> {
    if ((await store.countDrafts(tx, actor.userId)) < contract.DRAFTS_MAX) return;
    await store.removeHidden(tx, access.visible(actor));
    if ((await store.countDrafts(tx, actor.userId)) < contract.DRAFTS_MAX) return;
    const detail = `You have ${contract.DRAFTS_MAX} drafts: send or discard one first`;
    throw problem('invalid-request', { detail, errors: [{ pointer: '/body/text', detail }] });
  }
}
