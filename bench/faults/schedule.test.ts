import { describe, expect, it } from 'vitest';
import { profiles, type Profile } from './profiles.ts';
import { allKinds, plan } from './schedule.ts';

const profile = (name: string): Profile => {
  const found = profiles[name];
  if (!found) throw new Error(`There is no profile ${name}`);
  return found;
};

describe('the schedule', () => {
  it.each(Object.keys(profiles))('of %s is the same for a seed, another for another', (name) => {
    expect(plan(profile(name), 7)).toEqual(plan(profile(name), 7));
    expect(plan(profile(name), 7).ops).not.toEqual(plan(profile(name), 8).ops);
  });

  it('of the standard run holds every fault, and thirty or more, for any seed', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { faults } = plan(profile('standard'), seed);
      const kinds = faults.map(({ kind }) => kind);
      expect(new Set(kinds)).toEqual(new Set(allKinds));
      expect(kinds.length).toBeGreaterThanOrEqual(30);
      const ends = faults.map(({ at, length }) => at + length);
      faults.slice(1).forEach(({ at }, n) => expect(at).toBeGreaterThan(ends[n] ?? 0));
    }
  });

  it('offers the load that the profile says, in its mix', () => {
    const { ops } = plan(profile('standard'), 3);
    const share = (kind: string) => ops.filter((op) => op.kind === kind).length / ops.length;
    const sent = ops.filter(({ kind }) => kind !== 'roam');
    expect(sent.length).toBe(18_000);
    expect(share('post')).toBeCloseTo(0.45, 1);
    expect(share('edit')).toBeCloseTo(0.12, 1);
    for (const kind of ['reply', 'react', 'read-mark', 'file']) {
      expect(share(kind), kind).toBeGreaterThan(0.02);
    }
    const doubled = sent.filter(({ isDoubled }) => isDoubled).length;
    expect(doubled / sent.filter(({ kind }) => kind === 'post').length).toBeCloseTo(0.05, 1);
  });

  it('lets only members act, and never sends an owner away', () => {
    const { members, ops, absences } = plan(profile('smoke'), 5);
    for (const { client, space, kind } of ops) {
      if (kind === 'roam' || kind === 'password') continue;
      expect(members[space]).toContain(client);
    }
    const owners = members.map(([owner]) => owner);
    for (const { client } of absences) expect(owners).not.toContain(client);
  });
});
