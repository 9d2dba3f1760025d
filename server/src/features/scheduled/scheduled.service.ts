import type { AnswerOf, BodyOf } from '@teambrain/contract/endpoint.ts';
import * as contract from '@teambrain/contract/scheduled.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import { newId } from '../../platform/core/id.ts';
import { instantOf } from '../../platform/core/instant.ts';
import type { Attachments } from '../../platform/core/knowledge.ts';
import { fieldProblem, problem } from '../../platform/core/problem.ts';
import type { Tx } from '../../platform/db/database.ts';
import { dequeue, enqueue } from '../../platform/jobs/jobs.store.ts';
import { tellOwn } from '../../platform/realtime/heads.ts';
import { createSending, KIND, type SendingDependencies } from './scheduled.sending.ts';
import * as store from './scheduled.store.ts';

export interface ScheduledDependencies extends SendingDependencies {
  attachments: Pick<Attachments, 'find'>;
  /** Has due jobs looked at now. */
  wake(): void;
}

export type ScheduledMessages = ReturnType<typeof createScheduled>;

const DAY_MS = 86_400_000;

/** Messages that are sent later: kept with a job for each, under the id that the message will have. */
export function createScheduled(dependencies: ScheduledDependencies) {
  const { db, access, bus, clock, attachments, wake } = dependencies;

  /** @throws invalid-request */
  function timeOf(sendAt: string): Date {
    const at = instantOf(sendAt, '/body/sendAt');
    const ahead = at.getTime() - clock.now().getTime();
    if (ahead > 0 && ahead <= contract.SCHEDULED_DAYS * DAY_MS) return at;
    const detail = `is not in the future, or more than ${contract.SCHEDULED_DAYS} days ahead`;
    throw fieldProblem('invalid-request', '/body/sendAt', detail);
  }

  /** @throws not-found */
  async function find(actor: Actor, id: string): Promise<contract.Scheduled> {
    const row = await store.findScheduled(db, access.visible(actor), id);
    if (!row) throw problem('not-found');
    return row;
  }

  /** Changes a message that nobody is sending, with its job. @throws not-found, conflict */
  async function change<T>(
    actor: Actor,
    id: string,
    how: (tx: Tx, row: store.ScheduledRow) => Promise<T>,
  ): Promise<T> {
    const changed = await db.transaction(async (tx) => {
      const row = await store.holdOwn(tx, actor.userId, id);
      if (!row) throw problem('not-found');
      if (row.sendingAt) throw problem('conflict', { detail: 'It is being sent' });
      return how(tx, row);
    });
    tellOwn(bus, actor.userId, 'drafts');
    return changed;
  }

  const wait = (tx: Tx, id: string, at: Date) => enqueue(tx, KIND, id, { id }, at);

  return {
    job: createSending(dependencies),
    find,

    async list(actor: Actor): Promise<AnswerOf<typeof contract.listScheduled>> {
      return { items: await store.listScheduled(db, access.visible(actor)) };
    },

    /** @throws id-taken; invalid-request, also where a file is not the actor's to send */
    async schedule(
      space: Space<'write'>,
      body: BodyOf<typeof contract.scheduleMessage>,
    ): Promise<contract.Scheduled> {
      const { id = newId(), text = '', files = [], threadId, inSpace, quote, sendAt } = body;
      const { actor } = space;
      if (!text && files.length === 0) throw fieldProblem('invalid-request', '/body/text', EMPTY);
      const at = timeOf(sendAt);
      if (files.length > 0 && !(await attachments.find(space, files, id))) {
        const detail = 'are not all uploads of yours that no message has';
        throw fieldProblem('invalid-request', '/body/files', detail);
      }
      const row = {
        ...{
          id,
          threadId: threadId ?? null,
          inSpace: threadId !== undefined && (inSpace ?? false),
        },
        ...{ text, files, quote: quote ?? null, sendAt: at, createdAt: clock.now() },
      };
      await db.transaction(async (tx) => {
        await store.holdPerson(tx, actor.userId);
        if (await store.isOwn(tx, space, id)) return;
        if (await store.isTaken(tx, space, id)) throw problem('id-taken');
        if ((await store.countOwn(tx, actor.userId)) >= contract.SCHEDULED_MAX) throw tooMany();
        if (!(await store.insertScheduled(tx, space, row))) throw problem('id-taken');
        await wait(tx, id, at);
      });
      tellOwn(bus, actor.userId, 'drafts');
      return find(actor, id);
    },

    /** @throws not-found; conflict while it is being sent; invalid-request */
    async update(
      actor: Actor,
      id: string,
      { text, sendAt }: BodyOf<typeof contract.updateScheduled>,
    ): Promise<contract.Scheduled> {
      const given = sendAt === undefined ? null : timeOf(sendAt);
      await change(actor, id, async (tx, row) => {
        const at = given ?? row.sendAt;
        // Its time may be over: then another one is to be given.
        if (row.failure !== null && given === null) timeOf(at.toISOString());
        await store.updateScheduled(tx, id, { text: text ?? row.text, sendAt: at, failure: null });
        await wait(tx, id, at);
      });
      return find(actor, id);
    },

    /** @throws not-found, conflict */
    async sendNow(actor: Actor, id: string): Promise<void> {
      const at = clock.now();
      await change(actor, id, async (tx, { text }) => {
        await store.updateScheduled(tx, id, { text, sendAt: at, failure: null });
        await wait(tx, id, at);
      });
      wake();
    },

    /** @throws not-found, conflict */
    async cancel(actor: Actor, id: string): Promise<void> {
      await change(actor, id, async (tx) => {
        await store.removeScheduled(tx, id);
        await dequeue(tx, KIND, id);
      });
    },
  };
}

const EMPTY = 'is missing: a message says something or carries files';

function tooMany() {
  const detail = `You have scheduled ${contract.SCHEDULED_MAX} messages: send or cancel one first`;
  return fieldProblem('invalid-request', '/body/sendAt', detail);
}
