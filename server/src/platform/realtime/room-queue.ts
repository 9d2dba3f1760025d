/** What may wait; of more than that nothing is kept. */
export const MAX_WAITING = 200;

export interface RoomQueue {
  /** How much has not ended. */
  readonly waiting: number;
  /** Adds work that brings a room up to `seq`, or notes the seq where too much waits already. */
  add(seq: number, work: () => Promise<void>): void;
}

/**
 * Work of a room, one after the other and bounded: when hints come faster than they are fanned out,
 * the rest of them are forgotten, and `repair` brings the room up to where they had come.
 *
 * @param first what all work waits for
 */
export function createRoomQueue(
  first: Promise<void>,
  repair: (seq: number) => Promise<void>,
  onError: (error: unknown) => void,
): RoomQueue {
  let last = first;
  let waiting = 0;
  let missed = 0;

  function add(seq: number, work: () => Promise<void>): void {
    if (waiting >= MAX_WAITING) {
      missed = Math.max(missed, seq);
      return;
    }
    waiting += 1;
    last = last.then(work).catch(onError).finally(done);
  }

  function done(): void {
    waiting -= 1;
    const seq = missed;
    if (waiting > 0 || seq === 0) return;
    missed = 0;
    add(seq, () => repair(seq));
  }

  return {
    get waiting() {
      return waiting;
    },
    add,
  };
}
