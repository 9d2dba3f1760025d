import * as contract from '@teambrain/contract/groups.ts';
import type { Feature } from '../../platform/feature.ts';
import { route } from '../../platform/http/route.ts';
import type { Groups } from './groups.service.ts';

export { createGroupsOfPeople } from './groups.service.ts';

export const groupsFeature = (groups: Groups): Feature => ({
  routes: [
    route(contract.listGroups, ({ actor, query }) => groups.list(actor, query)),
    route(contract.getGroup, ({ actor, params }) => groups.find(actor, params.groupId)),
    route(contract.createGroup, ({ actor, body, origin }) => groups.create(actor, body, origin)),
    route(contract.updateGroup, ({ actor, params, body, origin }) =>
      groups.rename(actor, params.groupId, body.name, origin),
    ),
    route(contract.deleteGroup, async ({ actor, params, origin }) => {
      await groups.remove(actor, params.groupId, origin);
      return undefined;
    }),
    route(contract.putGroupMember, async ({ actor, params, body, origin }) => {
      await groups.putMember(actor, params, body.role, origin);
      return undefined;
    }),
    route(contract.removeGroupMember, async ({ actor, params, origin }) => {
      await groups.removeMember(actor, params, origin);
      return undefined;
    }),
  ],
});
