import * as ask from './ask.ts';
import * as auth from './auth.ts';
import * as catchUp from './catch-up.ts';
import * as chat from './chat.ts';
import * as drafts from './drafts.ts';
import type { Endpoint } from './endpoint.ts';
import * as files from './files.ts';
import * as groups from './groups.ts';
import * as instance from './instance.ts';
import * as knowledge from './knowledge.ts';
import * as log from './log.ts';
import * as people from './people.ts';
import * as pins from './pins.ts';
import * as reactions from './reactions.ts';
import * as sample from './sample.ts';
import * as saved from './saved.ts';
import * as scheduled from './scheduled.ts';
import * as search from './search.ts';
import * as spaces from './spaces.ts';
import * as summaries from './summaries.ts';
import * as unread from './unread.ts';
import * as threads from './threads.ts';

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'gate' in value && 'path' in value;

/** Every endpoint of the public surface: the route inventory, the matrix and OpenAPI walk it. */
export const endpoints: readonly Endpoint[] = [
  instance,
  auth,
  spaces,
  chat,
  threads,
  reactions,
  pins,
  files,
  drafts,
  scheduled,
  knowledge,
  people,
  groups,
  catchUp,
  log,
  sample,
  saved,
  search,
  ask,
  unread,
  summaries,
].flatMap((module) => Object.values(module).filter(isEndpoint));
