import * as contract from '@teambrain/contract/unread.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Unread } from './unread.service.ts';

export const unreadRoutes = (unread: Unread): Route[] => [
  route(contract.listReadMarks, ({ space }) => unread.ofSpace(space)),
  route(contract.putReadMark, ({ space, body }) => unread.put(space, body)),
  route(contract.listUnread, ({ actor, query }) => unread.list(actor, query)),
  route(contract.putReadMarks, ({ actor, body }) => unread.putAll(actor, body)),
];
