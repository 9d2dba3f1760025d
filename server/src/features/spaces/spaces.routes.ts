import * as contract from '@teambrain/contract/spaces.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Members } from './spaces.members.ts';
import type { Spaces } from './spaces.service.ts';

export const spacesRoutes = (spaces: Spaces, members: Members): Route[] => [
  route(contract.listSpaces, ({ actor, query }) => spaces.list(actor, query)),
  route(contract.createSpace, ({ actor, body }) => spaces.create(actor, body)),
  route(contract.getSpace, ({ actor, params }) => spaces.find(actor, params.spaceId)),
  route(contract.updateSpace, ({ space, body }) => spaces.update(space, body)),
  route(contract.deleteSpace, async ({ space }) => void (await spaces.remove(space))),
  route(contract.noteGuessing, async ({ space }) => void (await spaces.takeNote(space))),
  route(contract.joinSpace, ({ actor, params, body }) =>
    spaces.join(actor, params.spaceId, body.password),
  ),
  route(contract.leaveSpace, async ({ space }) => void (await spaces.leave(space))),
  route(contract.listMembers, ({ space, query }) => members.list(space, query)),
  route(contract.updateMember, ({ space, params, body }) =>
    members.update(space, params.userId, body.role),
  ),
  route(
    contract.removeMember,
    async ({ space, params }) => void (await members.remove(space, params.userId)),
  ),
];
