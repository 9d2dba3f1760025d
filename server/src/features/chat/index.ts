export { chatRoutes } from './chat.routes.ts';
export { createChat, type Chat, type Imported } from './chat.service.ts';
export { createChatSource } from './chat.source.ts';
