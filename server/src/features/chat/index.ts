import type { ContentSource } from '../../platform/core/knowledge.ts';
import type { Feature } from '../../platform/feature.ts';
import { chatRoutes } from './chat.routes.ts';
import type { Chat } from './chat.service.ts';
import type { createReactions } from './chat.reactions.ts';
import type { createThreads } from './chat.threads.ts';

export { createChat, type Chat, type NewMessage } from './chat.service.ts';
export { createChatSource } from './chat.source.ts';
export { createReactions } from './chat.reactions.ts';
export { createThreads } from './chat.threads.ts';

export const chatFeature = (
  chat: Chat,
  threads: ReturnType<typeof createThreads>,
  reactions: ReturnType<typeof createReactions>,
  source: ContentSource,
): Feature => ({
  routes: chatRoutes(chat, threads, reactions),
  sources: [source],
});
