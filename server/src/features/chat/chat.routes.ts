import * as contract from '@teambrain/contract/chat.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import * as ofThreads from '@teambrain/contract/threads.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Chat } from './chat.service.ts';
import type { Reactions } from './chat.reactions.ts';
import type { Threads } from './chat.threads.ts';

export const chatRoutes = (chat: Chat, threads: Threads, reactions: Reactions): Route[] => [
  route(contract.listMessages, ({ space, query }) => chat.list(space, query)),
  route(contract.postMessage, ({ space, body }) => chat.post(space, body)),
  route(contract.editMessage, ({ space, params, body, version }) =>
    chat.edit(space, params.messageId, body.text, version),
  ),
  route(contract.deleteMessage, async ({ space, params }) => {
    await chat.remove(space, params.messageId);
    return undefined;
  }),
  route(contract.listMessageVersions, ({ space, params, query }) =>
    chat.versions(space, params.messageId, query),
  ),
  route(reactToMessage, async ({ space, params, body }) => {
    await reactions.react(space, params.messageId, body);
    return undefined;
  }),
  route(ofThreads.getThread, ({ space, params }) => threads.get(space, params.threadId)),
  route(ofThreads.followThread, async ({ space, params, body }) => {
    await threads.follow(space, params.threadId, body.following);
    return undefined;
  }),
  route(ofThreads.listMyThreads, ({ actor, query }) => threads.mine(actor, query)),
];
