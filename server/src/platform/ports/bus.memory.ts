import type { Bus } from './bus.ts';

/**
 * A bus of one process. Handlers run before `publish` returns, in subscription order.
 * @param onError told what a handler threw; the others still get the message
 */
export function createMemoryBus(onError: (error: unknown) => void = () => undefined): Bus {
  const topics = new Map<string, Set<(message: unknown) => void>>();
  return {
    publish(topic, message) {
      for (const handler of [...(topics.get(topic) ?? [])]) {
        try {
          handler(message);
        } catch (error) {
          onError(error);
        }
      }
      return Promise.resolve();
    },
    subscribe(topic, handler) {
      const handlers = topics.get(topic) ?? new Set();
      topics.set(topic, handlers.add(handler));
      return () => {
        handlers.delete(handler);
        if (handlers.size === 0 && topics.get(topic) === handlers) topics.delete(topic);
      };
    },
    onGap: () => () => undefined, // nothing is ever missed
    close() {
      topics.clear();
      return Promise.resolve();
    },
  };
}
