import type { BenchClient } from './client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Op } from '../history.ts';
import { attempt, type Recorder } from './recorder.ts';

/** A space of the run, with what its members know of it. */
export interface BenchSpace {
  id: string;
  isProtected: boolean;
  /** The newest last; of an unanswered change both may be the right one. */
  passwords: string[];
  members: BenchClient[];
  entries: { id: string; version: number }[];
}

export interface World {
  cluster: Cluster;
  recorder: Recorder;
  clients: BenchClient[];
  spaces: BenchSpace[];
  /** Milliseconds a right that ended may still work: longer while Redis is away. */
  grace(): number;
  /** Whether every third write is sent three times (X17). */
  isTripling: boolean;
}

const FILLER = 'and some more words so that it has the length of what people write to each other';

/** A new operation of this client. */
export function begin(
  { recorder }: World,
  client: BenchClient,
  space: BenchSpace,
  what: Pick<Op, 'kind' | 'subject'> & { says?: boolean },
): Op {
  const { index, userId: user } = client;
  const text = what.says ? `CNRY-${space.id} op-${recorder.ops.length} ${FILLER}` : null;
  const { kind, subject } = what;
  return recorder.begin({ client: index, user, kind, space: space.id, subject, text });
}

/** An operation whose requests are repeated until they are answered. */
export async function persist<T>(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  op: Op,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await client.retrying(() => attempt(world.recorder, op, request));
  } catch (error) {
    client.noticeRefusal(error, space.id);
    throw error;
  }
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
