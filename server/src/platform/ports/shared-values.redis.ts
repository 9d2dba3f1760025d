import { newId } from '../core/id.ts';
import type { Seal } from './redis-seal.ts';
import { redisScript, type RedisLink } from './redis.ts';

/** How long a drop is remembered; a load that takes longer than half of it is not stored. */
const TOKEN_MS = 60_000;

/**
 * KEYS generation, token, value. ARGV a fresh generation. The generation names everything stored
 * since the last purge; the token is new after each drop of the key.
 */
const find = redisScript(`
  redis.call('set', KEYS[1], ARGV[1], 'NX')
  return {redis.call('get', KEYS[1]), redis.call('get', KEYS[2]) or '',
    redis.call('get', KEYS[3]) or '', redis.call('pttl', KEYS[3])}`);

/** KEYS as above. ARGV generation and token as found, value, life. */
const store = redisScript(`
  if redis.call('get', KEYS[1]) ~= ARGV[1] or (redis.call('get', KEYS[2]) or '') ~= ARGV[2] then
    return 0
  end
  redis.call('set', KEYS[3], ARGV[3], 'PX', ARGV[4])
  return 1`);

/** KEYS as above. ARGV a fresh token, its life. */
const drop = redisScript(`
  redis.call('del', KEYS[3])
  redis.call('set', KEYS[2], ARGV[1], 'PX', ARGV[2])`);

/** What was found under a key, and what must still hold for a value to be stored there. */
export interface Place {
  /** Null when there is no value. */
  value: object | null;
  /** How much longer the value may be used. */
  lifeMs: number;
  generation: string;
  token: string;
  /** When this was read (performance.now). */
  at: number;
}

/**
 * Values that all instances share through Redis. A value is stored only if, since its load began,
 * nobody dropped its key and nobody flushed Redis. A drop that could not reach Redis is made good
 * by giving up everything stored so far, before this instance uses Redis again.
 */
export function createSharedValues(commands: RedisLink, seal: Seal) {
  const prefix = `${seal.namespace}cache:`;
  const generationKey = `${prefix}generation`;
  /** What people search for is part of some keys. */
  const keysOf = (key: string) => {
    const hidden = seal.hide(key);
    return [generationKey, `${prefix}token:${hidden}`, `${prefix}value:${hidden}`];
  };
  /** Drops that did not reach Redis, and how many of them a purge has made good. */
  let missed = 0;
  let madeGood = 0;

  /** Stored values are sealed for their key and generation: those of an old one do not open. */
  const placeOf = (key: string, generation: string) => `${generation} ${key}`;

  async function purge(): Promise<boolean> {
    const covered = missed;
    try {
      await commands.run((client) => client.del(generationKey));
      madeGood = Math.max(madeGood, covered);
    } catch {
      // Still away: values of Redis stay unused.
    }
    return madeGood === missed;
  }

  const off = commands.onChange((isUp) => {
    if (isUp && madeGood < missed) void purge();
  });

  return {
    /** What Redis has under the key; null while it cannot be asked. */
    async find(key: string): Promise<Place | null> {
      if (madeGood < missed && !(await purge())) return null;
      const at = performance.now();
      try {
        const found = await commands.run((client) => find(client, keysOf(key), [newId()]));
        const [generation, token, sealed, lifeMs] = found as [string, string, string, number];
        const text = seal.open(placeOf(key, generation), sealed);
        const value = text === null || lifeMs <= 0 ? null : (JSON.parse(text) as object);
        return { value, lifeMs, generation, token, at };
      } catch {
        return null; // the link has logged it; loading is always possible
      }
    },
    /** Stores a value that was loaded after `place` was read, unless a drop came in between. */
    async store(key: string, place: Place, value: object, lifeMs: number): Promise<void> {
      const life = Math.floor(lifeMs);
      if (life <= 0 || performance.now() - place.at > TOKEN_MS / 2) return;
      const { generation, token } = place;
      const sealed = seal.close(placeOf(key, generation), JSON.stringify(value));
      try {
        await commands.run((client) =>
          store(client, keysOf(key), [generation, token, sealed, life]),
        );
      } catch {
        // Not stored, so the next one loads it again.
      }
    },
    async drop(key: string): Promise<void> {
      try {
        await commands.run((client) => drop(client, keysOf(key), [newId(), TOKEN_MS]));
      } catch {
        missed += 1;
        commands.send((client) => drop(client, keysOf(key), [newId(), TOKEN_MS]));
      }
    },
    close: off,
  };
}
