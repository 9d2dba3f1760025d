export { chatRoutes } from './chat.routes.ts';
export { createChat, type Chat, type NewMessage } from './chat.service.ts';
export { createChatSource } from './chat.source.ts';
export { createThreads } from './chat.threads.ts';
