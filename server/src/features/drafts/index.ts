import * as contract from '@teambrain/contract/drafts.ts';
import type { Feature } from '../../platform/feature.ts';
import { route } from '../../platform/http/route.ts';
import type { Drafts } from './drafts.service.ts';

export { createDrafts } from './drafts.service.ts';

export const draftsFeature = (drafts: Drafts): Feature => ({
  routes: [
    route(contract.listDrafts, ({ actor }) => drafts.list(actor)),
    route(contract.getDraft, ({ space, query }) => drafts.find(space, query.thread ?? null)),
    route(contract.putDraft, ({ space, body }) => drafts.put(space, body)),
  ],
});
