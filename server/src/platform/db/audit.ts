import type { Origin } from '../core/actor.ts';
import { newId } from '../core/id.ts';
import type { Executor } from './database.ts';
import { auditLog } from './schema.ts';

/** What the audit log tells of. Each act adds one row, in the transaction that makes it so. */
export type AuditAction =
  | 'account.registered'
  | 'account.renamed'
  | 'account.password-changed'
  | 'login.succeeded'
  | 'login.failed'
  | 'logout'
  | 'logout.everywhere'
  | 'session.ended'
  | 'session.reuse-detected'
  | 'space.created'
  | 'space.updated'
  | 'space.password-changed'
  | 'space.everyone-joins-again'
  | 'space.password-guessed'
  | 'space.guessing-noted'
  | 'space.deleted'
  | 'member.joined'
  | 'member.left'
  | 'member.removed'
  | 'member.role-changed'
  | 'group.created'
  | 'group.renamed'
  | 'group.deleted'
  | 'group.member-changed';

export interface Act {
  action: AuditAction;
  at: Date;
  /** Who did it; nobody where that is not known or not to be told. */
  actorId?: string | undefined;
  /** The account, session, space or group it was done to. */
  subjectId?: string | undefined;
  spaceId?: string | undefined;
  /** In words of the program's own, never in people's: `moderator → owner`. */
  detail?: string | undefined;
  /** Where the request came from; command-line tools have none. */
  origin?: Origin | undefined;
}

/** Adds a line to the audit log: who did what to what, when and from where; never how it was worded. */
export async function insertAudit(db: Executor, { origin, ...act }: Act): Promise<void> {
  const { address, requestId } = origin ?? {};
  await db.insert(auditLog).values({ id: newId(), ...act, address, requestId });
}
