import type { TextSource } from '../../platform/core/knowledge.ts';
import type { Feature } from '../../platform/feature.ts';
import { knowledgeRoutes } from './knowledge.routes.ts';
import type { Knowledge } from './knowledge.service.ts';

export { createKnowledge, type Knowledge } from './knowledge.service.ts';
export { createKnowledgeSource } from './knowledge.source.ts';

export const knowledgeFeature = (knowledge: Knowledge, source: TextSource): Feature => ({
  routes: knowledgeRoutes(knowledge),
  sources: [source],
});
