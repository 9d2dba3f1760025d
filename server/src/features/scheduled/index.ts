import * as contract from '@teambrain/contract/scheduled.ts';
import type { Feature } from '../../platform/feature.ts';
import { route } from '../../platform/http/route.ts';
import type { ScheduledMessages } from './scheduled.service.ts';

export { createScheduled } from './scheduled.service.ts';

export const scheduledFeature = ({ job, ...scheduled }: ScheduledMessages): Feature => ({
  routes: [
    route(contract.listScheduled, ({ actor }) => scheduled.list(actor)),
    route(contract.getScheduled, ({ actor, params }) => scheduled.find(actor, params.messageId)),
    route(contract.scheduleMessage, ({ space, body }) => scheduled.schedule(space, body)),
    route(contract.updateScheduled, ({ actor, params, body }) =>
      scheduled.update(actor, params.messageId, body),
    ),
    route(contract.sendScheduled, async ({ actor, params }) => {
      await scheduled.sendNow(actor, params.messageId);
      return undefined;
    }),
    route(contract.cancelScheduled, async ({ actor, params }) => {
      await scheduled.cancel(actor, params.messageId);
      return undefined;
    }),
  ],
  jobs: [job],
});
