import type { ContentSource } from './core/knowledge.ts';
import type { Follower } from './events/follower.ts';
import type { JobHandler } from './jobs/jobs.ts';
import type { Route } from './http/route.ts';

/** What a feature gives to the whole, as its `index.ts` makes it; `app.ts` folds a list of these. */
export interface Feature {
  routes: readonly Route[];
  /** What follows the log in the background. */
  followers?: readonly Follower[];
  /** The content it keeps, for search, Ask and summaries: one source for each type. */
  sources?: readonly ContentSource[];
  /** What does work for later, by kind. */
  jobs?: readonly JobHandler[];
  /** Removes what nobody needs any more, on every instance all the time; again changes nothing. */
  sweep?: () => Promise<void>;
}
