import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Bus } from '../ports/bus.ts';

/** Tells whoever listens, on any instance, that something was committed. Only ever a hint. */
export interface Relay {
  committed(event: SpaceEvent): void;
  /** How many events of each type were committed here since the start. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Topic of a space's hints. */
export const spaceTopic = (spaceId: string) => `space:${spaceId}`;
/** Topic that wakes the followers of the log. */
export const LOG_TOPIC = 'log';

export function createRelay(bus: Bus): Relay {
  const counts = new Map<string, number>();
  return {
    counts,
    committed(event) {
      counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
      // A hint that fails to leave is repaired by the head poll, so nobody waits for it.
      void bus.publish(spaceTopic(event.space), event);
      void bus.publish(LOG_TOPIC, { space: event.space, seq: event.seq });
    },
  };
}
