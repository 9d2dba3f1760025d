import { describe, expect, test } from 'vitest';
import type { Bus } from './bus.ts';

/** What every bus does, whatever carries it. `open` gives a bus that is closed when the test ends. */
export function testBus(open: () => Promise<Bus>): void {
  describe('a bus', () => {
    test('calls every handler of the topic once, in order, before publish returns', async () => {
      const bus = await open();
      const heard: string[] = [];
      bus.subscribe('topic', (message) => heard.push(`a ${JSON.stringify(message)}`));
      bus.subscribe('topic', (message) => heard.push(`b ${JSON.stringify(message)}`));
      bus.subscribe('other', () => heard.push('other'));
      const published = bus.publish('topic', { n: 1 });
      expect(heard).toEqual(['a {"n":1}', 'b {"n":1}']);
      await published;
      await pause();
      expect(heard).toHaveLength(2);
    });

    test('keeps the order of messages', async () => {
      const bus = await open();
      const heard: unknown[] = [];
      bus.subscribe('topic', (message) => heard.push(message));
      await Promise.all(Array.from({ length: 100 }, (_, n) => bus.publish('topic', n)));
      await pause();
      expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n));
    });

    test('ends one subscription and leaves the others', async () => {
      const bus = await open();
      const heard: string[] = [];
      const off = bus.subscribe('topic', () => heard.push('a'));
      bus.subscribe('topic', () => heard.push('b'));
      off();
      off();
      await bus.publish('topic', null);
      expect(heard).toEqual(['b']);
    });

    test('gives a message to the others when one handler fails, and does not fail itself', async () => {
      const bus = await open();
      const heard: unknown[] = [];
      bus.subscribe('topic', () => {
        throw new Error('of this handler');
      });
      bus.subscribe('topic', (message) => heard.push(message));
      await bus.publish('topic', 'still here');
      expect(heard).toEqual(['still here']);
    });

    test('lets a handler subscribe, unsubscribe and publish', async () => {
      const bus = await open();
      const heard: string[] = [];
      const off = bus.subscribe('topic', () => {
        off();
        bus.subscribe('topic', () => heard.push('later'));
        void bus.publish('second', null);
      });
      bus.subscribe('second', () => heard.push('second'));
      await bus.publish('topic', null);
      await bus.publish('topic', null);
      expect(heard).toEqual(['second', 'later']);
    });

    test('publishes where nobody listens', async () => {
      await (await open()).publish('nobody', {});
    });
  });
}

/** Long enough for a message that should not come. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
