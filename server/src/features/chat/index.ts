import type { ContentSource } from '../../platform/core/knowledge.ts';
import type { Feature } from '../../platform/feature.ts';
import { chatRoutes, type ChatParts } from './chat.routes.ts';

export { createChat, type Chat, type NewMessage } from './chat.service.ts';
export { createChatSource } from './chat.source.ts';
export { createPins } from './chat.pins.ts';
export { createReactions } from './chat.reactions.ts';
export { createThreads } from './chat.threads.ts';

export const chatFeature = (parts: ChatParts, source: ContentSource): Feature => ({
  routes: chatRoutes(parts),
  sources: [source],
});
