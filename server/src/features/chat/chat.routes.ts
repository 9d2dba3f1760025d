import * as contract from '@teambrain/contract/chat.ts';
import * as ofPins from '@teambrain/contract/pins.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import * as ofThreads from '@teambrain/contract/threads.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Chat } from './chat.service.ts';
import type { Pins } from './chat.pins.ts';
import type { Reactions } from './chat.reactions.ts';
import type { Threads } from './chat.threads.ts';

/** The parts of chat that its endpoints call. */
export interface ChatParts {
  chat: Chat;
  threads: Threads;
  reactions: Reactions;
  pins: Pins;
}

export const chatRoutes = ({ chat, threads, reactions, pins }: ChatParts): Route[] => [
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
  route(ofPins.listPins, ({ space, query }) => pins.list(space, query)),
  route(ofPins.pinMessage, async ({ space, params }) => {
    await pins.set(space, params.messageId, true);
    return undefined;
  }),
  route(ofPins.unpinMessage, async ({ space, params }) => {
    await pins.set(space, params.messageId, false);
    return undefined;
  }),
  route(ofThreads.getThread, ({ space, params }) => threads.get(space, params.threadId)),
  route(ofThreads.followThread, async ({ space, params, body }) => {
    await threads.follow(space, params.threadId, body.following);
    return undefined;
  }),
  route(ofThreads.readThread, async ({ space, params, body }) => {
    await threads.read(space, params.threadId, body.seq);
    return undefined;
  }),
  route(ofThreads.countUnreadReplies, ({ actor }) => threads.countUnread(actor)),
  route(ofThreads.readAllThreads, async ({ actor }) => {
    await threads.readAll(actor);
    return undefined;
  }),
  route(ofThreads.listMyThreads, ({ actor, query }) => threads.mine(actor, query)),
];
