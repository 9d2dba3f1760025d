import { newId } from '../core/id.ts';
import type { Log } from '../core/log.ts';
import { createMemoryBus } from './bus.memory.ts';
import type { Bus } from './bus.ts';
import type { Seal } from './redis-seal.ts';
import type { RedisLink } from './redis.ts';

const SUBSCRIBE_AT_ONCE = 500;

/** What goes over the wire, sealed for its channel. */
interface Envelope {
  from: string;
  message: unknown;
}

/**
 * A bus over plain pub/sub. Handlers of this process are called directly, so they hear their own
 * process at once and whatever Redis does; others hear it through Redis.
 *
 * @param commands connection to publish on
 * @param subscriber a connection of its own, which this bus closes; `commands` is its owner's
 */
export function createRedisBus(deps: {
  commands: RedisLink;
  subscriber: RedisLink;
  seal: Seal;
  log: Log;
}): Bus {
  const { commands, subscriber, seal, log } = deps;
  const onError = (error: unknown) => log.error({ err: error }, 'a bus handler failed');
  const me = newId();
  const local = createMemoryBus(onError);
  const handlers = new Map<string, number>();
  const gaps = new Set<(state: 'lost' | 'back') => void>();
  const prefix = `${seal.namespace}bus:`;

  subscriber.client.on('message', (channel: string, text: string) => {
    const envelope = read(seal, channel, text);
    if (!envelope || envelope.from === me) return;
    void local.publish(channel.slice(prefix.length), envelope.message);
  });

  /** Best effort: whatever fails here is made good when the connection is back. */
  function tell(verb: 'subscribe' | 'unsubscribe', topics: string[]): Promise<unknown> {
    return subscriber
      .run((client) => client[verb](...topics.map((topic) => prefix + topic)))
      .catch(() => undefined);
  }

  async function resume(): Promise<void> {
    const topics = [...handlers.keys()];
    for (let at = 0; at < topics.length; at += SUBSCRIBE_AT_ONCE) {
      await tell('subscribe', topics.slice(at, at + SUBSCRIBE_AT_ONCE));
    }
    if (subscriber.isUp()) announce('back');
  }

  function announce(state: 'lost' | 'back'): void {
    for (const handler of [...gaps]) {
      try {
        handler(state);
      } catch (error) {
        onError(error);
      }
    }
  }

  subscriber.onChange((isUp) => (isUp ? void resume() : announce('lost')));
  if (subscriber.isUp()) void resume();

  return {
    async publish(topic, message) {
      void local.publish(topic, message);
      const channel = prefix + topic;
      const envelope: Envelope = { from: me, message };
      const text = seal.close(channel, JSON.stringify(envelope));
      try {
        await commands.run((client) => client.publish(channel, text));
      } catch {
        // Only a hint: the link has logged why, and pollers find what it would have told. A Redis
        // that is merely slow still passes it on.
        if (!commands.isUp()) commands.send((client) => client.publish(channel, text));
      }
    },
    subscribe(topic, handler) {
      const off = local.subscribe(topic, handler);
      const count = handlers.get(topic) ?? 0;
      handlers.set(topic, count + 1);
      if (count === 0) void tell('subscribe', [topic]);
      let isOn = true;
      return () => {
        if (!isOn) return;
        isOn = false;
        off();
        const left = (handlers.get(topic) ?? 1) - 1;
        if (left > 0) handlers.set(topic, left);
        else {
          handlers.delete(topic);
          void tell('unsubscribe', [topic]);
        }
      };
    },
    onGap(handler) {
      gaps.add(handler);
      return () => void gaps.delete(handler);
    },
    async close() {
      handlers.clear();
      gaps.clear();
      subscriber.close();
      await local.close();
    },
  };
}

/** The message of one of our instances; null for anything else that lies on the channel. */
function read(seal: Seal, channel: string, text: string): Envelope | null {
  const opened = seal.open(channel, text);
  return opened === null ? null : (JSON.parse(opened) as Envelope);
}
