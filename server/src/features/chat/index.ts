export { chatRoutes } from './chat.routes.ts';
export { createChat, type Chat } from './chat.service.ts';
export { createChatSource } from './chat.source.ts';
