import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** Turns, and tasks that end when told to. */
function useTurns(options = { each: 2, all: 3 }) {
  const turns = new Turns(options);
  const begun: string[] = [];
  const open = new Map<string, () => void>();
  return {
    turns,
    begun,
    open,
    enter: (owner: string, name: string) =>
      turns.enter(owner, () => {
        begun.push(name);
        return new Promise((resolve) => open.set(name, resolve));
      }),
    async end(name: string) {
      open.get(name)?.();
      open.delete(name);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('everybody has their share, and those who wait take turns', async () => {
  const { turns, begun, enter, end } = useTurns();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'c1']) enter(name[0] ?? '', name);
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  expect([turns.running, turns.waiting]).toEqual([3, 5]);
  await end('a1');
  await end('a2');
  await end('b1');
  expect(begun.slice(3)).toEqual(['a3', 'b2', 'c1']);
  await end('c1');
  await end('a3');
  await end('b2');
  expect(begun.slice(6)).toEqual(['a4', 'a5']);
  await end('a4');
  await end('a5');
  expect([turns.running, turns.waiting]).toEqual([0, 0]);
});

it('what is done at once holds no place, and what fails gives it back', async () => {
  const { turns, begun, enter, end } = useTurns({ each: 1, all: 1 });
  turns.enter('a', () => void begun.push('at once'));
  expect(turns.running).toBe(0);
  turns.enter('a', () => Promise.reject(new Error('its own')));
  enter('b', 'b1');
  turns.enter('b', () => void begun.push('b2'));
  turns.enter('a', () => void begun.push('a3'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun.toSorted()).toEqual(['a3', 'at once', 'b1']);
  await end('b1');
  expect(begun.at(-1)).toBe('b2');
  expect([turns.running, turns.waiting]).toEqual([0, 0]);
});

it('the bounds hold and all is done, in the order of each owner, whatever comes and ends', async () => {
  const step = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), ends: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { turns, begun, open, enter, end } = useTurns();
      for (const [n, { owner, ends }] of steps.entries()) {
        enter(owner, `${owner}${n}`);
        const name = [...open.keys()][ends];
        if (name) await end(name);
        expect(open.size).toBeLessThanOrEqual(3);
        for (const one of ['a', 'b', 'c']) {
          expect([...open.keys()].filter((key) => key.startsWith(one)).length).toBeLessThan(3);
        }
      }
      for (let name; (name = [...open.keys()][0]);) await end(name);
      expect([turns.running, turns.waiting]).toEqual([0, 0]);
      for (const one of ['a', 'b', 'c']) {
        const asked = steps.map(({ owner }, n) => `${owner}${n}`);
        const of = (names: string[]) => names.filter((name) => name.startsWith(one));
        expect(of(begun)).toEqual(of(asked));
      }
    }),
  );
});
