import type { postMessage } from '@teambrain/contract/chat.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { SendFailure } from '@teambrain/contract/scheduled.ts';
import type { Access, Space } from '../../platform/access/access.ts';
import type { Clock } from '../../platform/core/clock.ts';
import { ProblemError } from '../../platform/core/problem.ts';
import type { Database } from '../../platform/db/database.ts';
import type { JobHandler } from '../../platform/jobs/jobs.ts';
import type { Bus } from '../../platform/ports/bus.ts';
import { tellOwn } from '../../platform/realtime/heads.ts';
import * as store from './scheduled.store.ts';

export interface SendingDependencies {
  db: Database;
  access: Access;
  bus: Bus;
  clock: Clock;
  /** Posts a message; the same id again posts it once. */
  post(space: Space<'write'>, message: BodyOf<typeof postMessage>): Promise<unknown>;
}

/** The kind of job that sends a message. */
export const KIND = 'scheduled';

/** What the server may answer at another time: the job is done again. */
const PASSING: readonly string[] = [
  'busy',
  'too-many-requests',
  'storage-full',
  'internal',
  'retry',
];

/** Sends messages whose time has come, each once, with the rights that its author has by then. */
export function createSending({ db, access, bus, clock, post }: SendingDependencies): JobHandler {
  /** Why it cannot be posted; null where it was. @throws what may pass */
  async function attempt(row: store.ScheduledRow): Promise<SendFailure | null> {
    const { id, userId, spaceId, text, files, threadId, inSpace, quote } = row;
    // A process that died after it was posted did not get to forget it.
    if (await store.isPosted(db, row)) return null;
    const actor = await store.findAuthor(db, userId);
    if (!actor) return 'rights';
    try {
      const space = await access.space(actor, spaceId, 'write');
      await post(space, {
        id,
        ...(text && { text }),
        ...(files.length > 0 && { files }),
        ...(threadId !== null && { threadId, inSpace }),
        ...(quote && { quote }),
      });
      return null;
    } catch (error) {
      if (!(error instanceof ProblemError) || PASSING.includes(error.code)) throw error;
      return failureOf(error);
    }
  }

  return {
    kind: KIND,

    async run(payload) {
      const { id } = payload as { id: string };
      const row = await store.takeToSend(db, id, clock.now());
      if (!row) return;
      try {
        const failure = await attempt(row);
        if (failure === null) await store.removeScheduled(db, id);
        else await store.noteFailure(db, id, failure);
      } catch (error) {
        await store.letGo(db, id);
        throw error;
      }
      tellOwn(bus, row.userId, 'drafts');
    },

    async onParked(payload) {
      const { id } = payload as { id: string };
      const userId = await store.noteFailure(db, id, 'failed');
      if (userId !== null) tellOwn(bus, userId, 'drafts');
    },
  };
}

function failureOf({ code }: ProblemError): SendFailure {
  if (['locked', 'forbidden', 'not-found', 'session-ended'].includes(code)) return 'rights';
  return code === 'gone' ? 'gone' : 'refused';
}
