import type { Check } from '../core/kept.ts';

/** What must hold of jobs. */
export const jobsChecks: Check[] = [
  {
    name: 'job-parked',
    law: 'every job could be done (others are parked, and are not tried again by themselves)',
    sql: `select kind || ' ' || key || ' failed ' || attempts || ' times (' || coalesce(error, '') || '), parked '
        || parked_at as what
      from jobs where parked_at is not null`,
  },
];
