import * as contract from '@teambrain/contract/files.ts';
import type { Feature } from '../../platform/feature.ts';
import { route } from '../../platform/http/route.ts';
import type { FileService } from './files.service.ts';
import type { createServing } from './files.serving.ts';

export { createFiles } from './files.service.ts';
export { createServing } from './files.serving.ts';
export { createSweep } from './files.sweep.ts';

export const filesFeature = (
  files: FileService,
  serving: ReturnType<typeof createServing>,
  sweep: () => Promise<void>,
): Feature => ({
  routes: [
    route(contract.uploadFile, ({ space, upload, query }) => files.upload(space, upload, query.id)),
    route(contract.discardFile, async ({ space, params }) => {
      await files.discard(space, params.fileId);
      return undefined;
    }),
    route(contract.readFile, ({ actor, params, query, range }) =>
      serving.serve(actor, params.fileId, { size: query.size, range }),
    ),
  ],
  sweep,
});
