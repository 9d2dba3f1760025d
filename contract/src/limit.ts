/** One rate-limit policy: `quota` requests in `window` seconds, and optionally a shorter burst. */
export interface LimitPolicy {
  quota: number;
  window: number;
  burst?: { quota: number; window: number };
  /** Whoever uses the quota up again and again waits twice as long each time, up to these seconds. */
  growsTo?: number;
  /** How many of a person's requests may be under way, over all endpoints of the policy. */
  atOnce?: number;
}

/** Every rate-limit policy by name. An endpoint names exactly one; the key is the user (before sign-in the address). */
export const limits = {
  login: { quota: 50, window: 900 },
  'login-account': { quota: 5, window: 900, growsTo: 14_400 },
  /** Wrong passwords for one account, from all addresses but browsers that signed in to it before. */
  'login-anywhere': { quota: 10, window: 900, growsTo: 14_400 },
  register: { quota: 5, window: 3600 },
  refresh: { quota: 120, window: 60 },
  join: { quota: 5, window: 600 },
  /** Wrong passwords of one person, over all spaces. */
  'join-person': { quota: 20, window: 3600 },
  /** Wrong passwords at one space, of all people together. */
  'join-space': { quota: 100, window: 3600 },
  /** First wrong passwords of people, once those are used up: who has tried none gets in all the same. */
  'join-first': { quota: 50, window: 3600 },
  /** Wrong passwords at one space, after which those who manage it are told. */
  'join-guesses': { quota: 50, window: 3600 },
  write: { quota: 120, window: 60, burst: { quota: 20, window: 5 } },
  /** Unsent words, which windows keep while somebody types: apart from what is sent. */
  draft: { quota: 120, window: 60 },
  read: { quota: 600, window: 60 },
  search: { quota: 120, window: 60 },
  upload: { quota: 60, window: 60, atOnce: 4 },
  download: { quota: 1_200, window: 60 },
  /** Hellos of a person; so many sockets they may have at a time. */
  socket: { quota: 120, window: 60, atOnce: 10 },
  ai: { quota: 20, window: 60, atOnce: 2 },
} as const satisfies Record<string, LimitPolicy>;

export type LimitName = keyof typeof limits;

/** Other numbers for policies, by name. */
export type LimitOverrides = Partial<Record<LimitName, Partial<LimitPolicy>>>;

/** The table with an administrator's numbers in the place of the built-in ones. */
export function limitsWith(overrides: LimitOverrides): Record<LimitName, LimitPolicy> {
  const table: Record<LimitName, LimitPolicy> = { ...limits };
  for (const name of Object.keys(limits) as LimitName[]) {
    table[name] = { ...table[name], ...overrides[name] };
  }
  return table;
}
