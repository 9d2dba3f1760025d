import { createRng, type Rng } from './rng.ts';
import { faultKinds, type FaultKind, type Profile } from './profiles.ts';

export type PlannedKind =
  | 'post'
  | 'reply'
  | 'react'
  | 'read-mark'
  | 'file'
  | 'edit'
  | 'delete'
  | 'entry'
  | 'entry-edit'
  | 'remove'
  | 'leave'
  | 'password'
  | 'logout-all'
  | 'roam';

/** An operation before the run: who does what where; `pick` (0 to 1) chooses among what is there then. */
export interface PlannedOp {
  at: number;
  client: number;
  kind: PlannedKind;
  space: number;
  pick: number;
  /** Sent to two instances at the same time. */
  isDoubled: boolean;
  /** Its answer is cut off after the server gave it. */
  isCut: boolean;
  /** Read again through another instance once acknowledged. */
  isReadBack: boolean;
}

export interface PlannedFault {
  at: number;
  kind: FaultKind;
  /** Milliseconds; 0 for what happens at once. */
  length: number;
  /** Chooses the instance, or the clients. */
  pick: number;
  /** Of X24: the two. */
  both: FaultKind[];
}

/** A client that goes away and comes back. */
export interface PlannedAbsence {
  client: number;
  from: number;
  to: number;
}

export interface Schedule {
  /** Indexes of the members of each space; the first owns it. */
  members: number[][];
  ops: PlannedOp[];
  faults: PlannedFault[];
  absences: PlannedAbsence[];
}

/** Seconds each kind lasts. */
const LENGTHS: Record<FaultKind, number> = {
  X1: 3,
  X2: 9,
  X3: 8,
  X4: 20,
  X5: 10,
  X6: 0,
  X7: 0,
  X8: 6,
  X9: 10,
  X10: 20,
  X11: 15,
  X13: 30,
  X14: 20,
  X15: 10,
  X16: 0,
  X17: 10,
  X18: 5,
  X19: 5,
  X20: 10,
  X21: 20,
  X22: 0,
  X23: 0,
  X24: 8,
};
/** What repeats once every kind has had its turn. */
const SHORT: FaultKind[] = ['X1', 'X3', 'X6', 'X7', 'X8', 'X16', 'X19', 'X22'];
const PAIRED: FaultKind[] = ['X1', 'X3', 'X5', 'X6', 'X7', 'X9', 'X16', 'X19', 'X21'];

/** Everything a run will do, from its profile and seed alone. */
export function plan(profile: Profile, seed: number): Schedule {
  const members = planMembers(profile, createRng(seed));
  return {
    members,
    ops: planOps(profile, members, createRng(seed + 1)),
    faults: planFaults(profile, createRng(seed + 2)),
    absences: planAbsences(profile, createRng(seed + 3)),
  };
}

function planMembers({ clients, spaces }: Profile, rng: Rng): number[][] {
  const everyone = Array.from({ length: clients }, (_, index) => index);
  return spaces.map((space, index) => {
    // Owners differ, and are nobody who goes away (the last ones do).
    const owner = index % clients;
    const others = rng.shuffled(everyone.filter((client) => client !== owner));
    return [owner, ...others.slice(0, space.members - 1)];
  });
}

const MIX = {
  post: 46,
  reply: 10,
  edit: 12,
  react: 9,
  'read-mark': 6,
  file: 3,
  delete: 6,
  rights: 4,
  entries: 4,
};
const RIGHTS = { remove: 55, leave: 20, 'logout-all': 20, password: 5 } as const;

function planOps(profile: Profile, members: number[][], rng: Rng): PlannedOp[] {
  const { clients, opsPerSecond, seconds, spaces } = profile;
  const ops: PlannedOp[] = [];
  const spacesOf = Array.from({ length: clients }, (_, client) =>
    members.flatMap((own, space) => (own.includes(client) ? [space] : [])),
  );
  const add = (at: number, client: number, kind: PlannedKind, space: number) => {
    const isSent = kind === 'post' || kind === 'reply';
    const luck = [rng.next(), rng.next(), rng.next(), rng.next()] as const;
    ops.push({
      at,
      client,
      kind,
      space,
      pick: luck[0],
      isDoubled: isSent && luck[1] < 0.05,
      isCut: isSent && luck[2] < 0.05,
      isReadBack: isSent && luck[3] < 0.2,
    });
  };
  for (let n = 0; n < opsPerSecond * seconds; n += 1) {
    const at = Math.round(((n + rng.next()) * 1000) / opsPerSecond);
    const client = rng.below(clients);
    const own = spacesOf[client] ?? [];
    if (own.length === 0) continue;
    const space = Number(
      rng.weighted(Object.fromEntries(own.map((i) => [i, spaces[i]?.weight ?? 1]))),
    );
    const kind = rng.weighted(MIX);
    const isEntry = rng.next() < 0.5;
    if (kind === 'rights') planRights(profile, { at, client, space }, rng, add);
    else if (kind === 'entries') add(at, client, isEntry ? 'entry' : 'entry-edit', space);
    else add(at, client, kind, space);
  }
  // Three of ten clients come back through another instance now and then.
  for (let client = 0; client < clients; client += 1) {
    if (client % 10 >= 3) continue;
    for (let at = rng.next() * 40; at < seconds; at += 20 + rng.next() * 40) {
      add(Math.round(at * 1000), client, 'roam', 0);
    }
  }
  return ops.sort((a, b) => a.at - b.at);
}

type Add = (at: number, client: number, kind: PlannedKind, space: number) => void;
interface Where {
  at: number;
  client: number;
  space: number;
}

function planRights(profile: Profile, { at, client, space }: Where, rng: Rng, add: Add): void {
  if (!profile.changesRights) return add(at, client, 'post', space);
  const kind = rng.weighted(RIGHTS);
  const vaults = profile.spaces.flatMap((one, n) => (one.visibility === 'protected' ? [n] : []));
  // A changed password sends everyone to the door, whose guard allows five tries in ten minutes.
  if (kind === 'password') add(at, client, kind, vaults.length > 0 ? rng.pick(vaults) : space);
  else add(at, client, kind, space);
}

function planFaults(profile: Profile, rng: Rng): PlannedFault[] {
  const fault = (kind: FaultKind, at: number, seconds = LENGTHS[kind]): PlannedFault => {
    const [one, two] = rng.shuffled(PAIRED);
    return {
      at: Math.round(at * 1000),
      kind,
      length: Math.round(seconds * 1000),
      pick: rng.next(),
      both: kind === 'X24' && one && two ? [one, two] : [],
    };
  };
  if (profile.scripted.length > 0) {
    return profile.scripted.map(({ kind, at = 0, length }) => fault(kind, at, length));
  }
  const faults: PlannedFault[] = [];
  const every = rng.shuffled(profile.anyOf);
  // First a while without any, in which latency is judged.
  let at = 3 * profile.calm;
  for (let n = 0; at < profile.seconds - profile.calm; n += 1) {
    const kind = every[n] ?? rng.pick(SHORT);
    if (at + LENGTHS[kind] > profile.seconds - profile.calm / 2) break;
    faults.push(fault(kind, at));
    at += LENGTHS[kind] + profile.calm;
  }
  return faults;
}

function planAbsences({ clients, churning, seconds }: Profile, rng: Rng): PlannedAbsence[] {
  const absences: PlannedAbsence[] = [];
  for (let client = clients - churning; client < clients; client += 1) {
    // Every third stays away long enough to be too far behind for a replay.
    const isLong = client % 3 === 0;
    let at = 2 + rng.next() * Math.min(30, seconds / 4);
    while (at < seconds - 5) {
      const away = isLong ? Math.min(150, seconds / 3) : 5 + rng.next() * 15;
      absences.push({ client, from: Math.round(at * 1000), to: Math.round((at + away) * 1000) });
      at += away + 20 + rng.next() * 20;
    }
  }
  return absences.filter(({ to }) => to < (seconds - 3) * 1000);
}

export const allKinds = Object.keys(faultKinds) as FaultKind[];
