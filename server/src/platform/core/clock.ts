/** The wall clock behind an interface, so that tests can move it. Never used for order. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
