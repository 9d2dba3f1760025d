import type { Call } from '@teambrain/client/call.ts';
import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import { scheduleMessage } from '@teambrain/contract/scheduled.ts';
import { v7 as uuid } from 'uuid';

export type Said = Omit<BodyOf<typeof scheduleMessage>, 'id' | 'sendAt'>;

/** Has a message sent later; loaded when it is first asked for. */
export async function schedule(call: Call, spaceId: string, said: Said, at: Date): Promise<void> {
  const body = { ...said, id: uuid(), sendAt: at.toISOString() };
  await call(scheduleMessage, { params: { spaceId }, body });
}
