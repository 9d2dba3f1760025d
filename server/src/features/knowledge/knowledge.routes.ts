import * as contract from '@teambrain/contract/knowledge.ts';
import { route, TypedAnswer, type Route } from '../../platform/http/route.ts';
import type { Knowledge } from './knowledge.service.ts';

export const knowledgeRoutes = (knowledge: Knowledge): Route[] => [
  route(contract.findEntries, ({ actor, query }) => knowledge.suggest(actor, query)),
  route(contract.listEntries, ({ space, query }) => knowledge.list(space, query)),
  route(contract.createEntry, ({ space, body }) => knowledge.create(space, body)),
  route(contract.getEntry, async ({ space, params, accepts }) => {
    const shown = await knowledge.show(space, params.entryId);
    if (accepts !== 'text/markdown') return shown;
    const entry = shown.read();
    return new TypedAnswer('text/markdown; charset=utf-8', `# ${entry.title}\n\n${entry.markdown}`);
  }),
  route(contract.updateEntry, ({ space, params, body, version }) =>
    knowledge.update(space, params.entryId, body, version),
  ),
  route(contract.deleteEntry, async ({ space, params }) => {
    await knowledge.remove(space, params.entryId);
    return undefined;
  }),
  route(contract.restoreEntry, ({ space, params }) => knowledge.restore(space, params.entryId)),
  route(contract.listRevisions, ({ space, params, query }) =>
    knowledge.revisions(space, params.entryId, query),
  ),
  route(contract.restoreRevision, ({ space, params, body, version }) =>
    knowledge.restoreRevision(space, params.entryId, body.version, version),
  ),
];
