import { describe, expect, test } from 'vitest';
import { newId } from '../core/id.ts';
import type { Seats } from './seats.ts';

/** What every adapter keeps to. @param open makes seats of which a key has `width` */
export function testSeats(open: (width: number) => Promise<Seats>): void {
  describe('seats', () => {
    test('are so many; who takes one more gets the one of who holds theirs the longest', async () => {
      const seats = await open(3);
      const ids = [newId(), newId(), newId(), newId(), newId()];
      const lost = [];
      for (const id of ids) lost.push(await seats.take('me', id));
      expect(lost).toEqual([[], [], [], [ids[0]], [ids[1]]]);
      expect(await seats.take('you', newId())).toEqual([]);
    });

    test('are free again when they are left', async () => {
      const seats = await open(2);
      const [first, second, third, fourth] = [newId(), newId(), newId(), newId()];
      for (const id of [first, second]) await seats.take('me', id);
      await seats.leave('me', first);
      await seats.leave('me', newId()); // nobody's
      expect(await seats.take('me', third)).toEqual([]);
      expect(await seats.take('me', fourth)).toEqual([second]);
    });
  });
}
