/** The faults of shared/design/SECURITY.md that this bench can make, by their number there. */
export const faultKinds = {
  X1: 'kill -9 of an instance, started again after 3 s',
  X2: 'SIGTERM to each instance in turn',
  X3: 'SIGSTOP of an instance for 8 s',
  X4: 'kill -9 of Redis, back after 20 s',
  X5: 'SIGSTOP of Redis for 10 s',
  X6: 'FLUSHALL and a closed connection',
  X7: 'immediate restart of PostgreSQL',
  X8: 'no byte to or from PostgreSQL for 6 s',
  X9: 'one instance’s PostgreSQL connections reset again and again for 10 s',
  X10: 'one instance cut off from Redis for 20 s, without a word',
  X11: 'a third of the clients half-open for 15 s',
  X13: 'slow readers at 1 KiB/s for 30 s',
  X14: 'one instance’s clock 25 s ahead for 20 s',
  X15: 'the disk of the data full for 10 s',
  X16: 'all sockets dropped at once',
  X17: 'every third write sent three times in parallel for 10 s',
  X18: 'members removed, passwords changed and sessions ended under traffic',
  X19: 'the hot space’s row locked for 5 s',
  X20: 'one instance out of file descriptors for 10 s',
  X21: 'a third of all hints dropped, others doubled or swapped for 20 s',
  X22: 'forged hints on the channels',
  X23: 'all instances started anew on a new log epoch',
  X24: 'two faults at once',
} as const;
export type FaultKind = keyof typeof faultKinds;

export interface SpaceSpec {
  name: string;
  visibility: 'public' | 'protected';
  members: number;
  /** How often its members choose it. */
  weight: number;
}

export interface FaultSlot {
  kind: FaultKind;
  /** Seconds since the start; without it the schedule finds a place. */
  at?: number;
  /** Seconds; the kind's own length unless given. */
  length?: number;
}

export interface Profile {
  name: string;
  instances: number;
  isEmbedded: boolean;
  clients: number;
  /** Of the clients: go away for a while and come back; read slowly while X13 lasts. */
  churning: number;
  slow: number;
  spaces: SpaceSpec[];
  opsPerSecond: number;
  seconds: number;
  /** In this order at their times; or all of `anyOf` first, then any until the time is over. */
  scripted: FaultSlot[];
  anyOf: FaultKind[];
  /** Seconds of calm after each fault, in which recovery is measured. */
  calm: number;
  /** Membership, password and session changes run all the time (X18), not in a burst. */
  changesRights: boolean;
}

const hot = (members: number): SpaceSpec => ({
  name: 'Hot',
  visibility: 'public',
  members,
  weight: 3,
});
const mid = (n: number, members: number): SpaceSpec => ({
  name: `Mid ${n}`,
  visibility: 'public',
  members,
  weight: 2,
});
const vault = (n: number, members: number): SpaceSpec => ({
  name: `Vault ${n}`,
  visibility: 'protected',
  members,
  weight: 3,
});

const base = { instances: 3, isEmbedded: false, churning: 0, slow: 0, anyOf: [], calm: 10 };

export const profiles: Record<string, Profile> = {
  smoke: {
    ...base,
    name: 'smoke',
    clients: 40,
    churning: 2,
    spaces: [hot(40), mid(1, 15), vault(1, 8), vault(2, 8)],
    opsPerSecond: 15,
    seconds: 46,
    scripted: [
      { kind: 'X21', at: 3, length: 5 },
      { kind: 'X23', at: 9 },
      { kind: 'X4', at: 11, length: 5 },
      { kind: 'X1', at: 21 },
      { kind: 'X7', at: 31 },
      { kind: 'X16', at: 38 },
    ],
    changesRights: true,
  },
  standard: {
    ...base,
    name: 'standard',
    clients: 120,
    churning: 10,
    slow: 10,
    spaces: [
      hot(120),
      ...[1, 2, 3, 4].map((n) => mid(n, 30)),
      ...[1, 2, 3].map((n) => vault(n, 10)),
    ],
    opsPerSecond: 30,
    seconds: 600,
    scripted: [],
    anyOf: Object.keys(faultKinds) as FaultKind[],
    changesRights: true,
  },
  embedded: {
    ...base,
    name: 'embedded',
    instances: 1,
    isEmbedded: true,
    clients: 20,
    spaces: [hot(20), mid(1, 8), vault(1, 6)],
    opsPerSecond: 20,
    seconds: 190,
    scripted: [
      ...Array.from({ length: 20 }, (_, n) => ({
        kind: 'X1' as const,
        at: 3 + 7.5 * n,
        length: 0.2,
      })),
      { kind: 'X15', at: 160, length: 5 },
      { kind: 'X15', at: 174, length: 5 },
    ],
    calm: 0,
    changesRights: true,
  },
  /** Short and mean: what the mutation check (CK16) runs each planted bug against. */
  mutants: {
    ...base,
    name: 'mutants',
    clients: 16,
    // A quiet space shows what only the poll mends: no next event of its own comes to tell.
    spaces: [hot(16), vault(1, 6), vault(2, 6), { ...mid(1, 10), name: 'Quiet', weight: 0.25 }],
    opsPerSecond: 12,
    seconds: 28,
    scripted: [
      { kind: 'X17', at: 1, length: 5 },
      { kind: 'X4', at: 7, length: 13 },
      { kind: 'X1', at: 22 },
    ],
    calm: 6,
    changesRights: true,
  },
};
