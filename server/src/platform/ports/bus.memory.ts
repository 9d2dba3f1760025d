import type { Bus } from './bus.ts';

/** A bus of one process. Handlers run before `publish` resolves, in subscription order. */
export function createMemoryBus(): Bus {
  const topics = new Map<string, Set<(message: unknown) => void>>();
  return {
    publish(topic, message) {
      for (const handler of [...(topics.get(topic) ?? [])]) handler(message);
      return Promise.resolve();
    },
    subscribe(topic, handler) {
      const handlers = topics.get(topic) ?? new Set();
      topics.set(topic, handlers.add(handler));
      return () => {
        handlers.delete(handler);
        if (handlers.size === 0) topics.delete(topic);
      };
    },
    close() {
      topics.clear();
      return Promise.resolve();
    },
  };
}
