import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Shares, type Holder } from './shares.ts';

const EACH = 3;
const ALL = 7;

function useShares() {
  const shares = new Shares({ each: EACH, all: ALL });
  const cut: string[] = [];
  let now = 0;
  const enter = (address: string | null, name: string, isWaiting = true) => {
    const holder: Holder = {
      since: (now += 1),
      isWaiting: () => isWaiting,
      cut: () => void cut.push(name),
    };
    return shares.enter(address, holder);
  };
  return { shares, cut, enter };
}

it('of an address that holds too many, the one makes room that waited longest', () => {
  const { cut, enter, shares } = useShares();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) enter('a', name);
  enter('b', 'b1');
  expect(cut).toEqual(['a1', 'a2']);
  expect([shares.size, shares.cuts]).toEqual([4, 2]);
});

it('of all together, one of the address that holds most', () => {
  const { cut, enter } = useShares();
  for (const name of ['a1', 'b1', 'b2', 'b3', 'c1', 'c2', 'd1', 'e1']) enter(name[0] ?? '', name);
  expect(cut).toEqual(['b1']);
});

it('who is served is not cut; where all are, there is no room', () => {
  const { cut, enter } = useShares();
  enter('a', 'served', false);
  enter('a', 'waits');
  enter('a', 'served too', false);
  enter('a', 'newcomer', false);
  expect(cut).toEqual(['waits']);
  enter('a', 'one too many');
  expect(cut).toEqual(['waits', 'one too many']);
});

it('a proxy has no share of its own, and is one among all', () => {
  const { cut, enter } = useShares();
  for (let n = 1; n <= ALL; n += 1) enter(null, `p${n}`);
  expect(cut).toEqual([]);
  enter('a', 'a1');
  expect(cut).toEqual(['p1']);
});

it('never holds more than it may, whoever comes and goes', () => {
  const step = fc.record({ address: fc.constantFrom('a', 'b', 'c', null), leaves: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { shares, enter } = useShares();
      const inside: (() => void)[] = [];
      for (const [n, { address, leaves }] of steps.entries()) {
        inside.push(enter(address, `${n}`));
        if (leaves < 4) inside.splice(leaves, 1)[0]?.();
        expect(shares.size).toBeLessThanOrEqual(ALL);
      }
      for (const leave of inside) leave();
      expect(shares.size).toBe(0);
    }),
  );
});
