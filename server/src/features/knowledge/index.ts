export { knowledgeRoutes } from './knowledge.routes.ts';
export { createKnowledge, type Knowledge } from './knowledge.service.ts';
export { createKnowledgeSource } from './knowledge.source.ts';
