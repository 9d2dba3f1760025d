import * as contract from '@teambrain/contract/spaces.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Members } from './spaces.members.ts';
import type { Spaces } from './spaces.service.ts';

export const spacesRoutes = (spaces: Spaces, members: Members): Route[] => [
  route(contract.listSpaces, ({ actor, query }) => spaces.list(actor, query)),
  route(contract.createSpace, ({ actor, body, origin }) => spaces.create(actor, body, origin)),
  route(contract.getSpace, ({ actor, params }) => spaces.find(actor, params.spaceId)),
  route(contract.updateSpace, ({ space, body, origin }) => spaces.update(space, body, origin)),
  route(
    contract.deleteSpace,
    async ({ space, origin }) => void (await spaces.remove(space, { origin })),
  ),
  route(
    contract.noteGuessing,
    async ({ space, origin }) => void (await spaces.takeNote(space, origin)),
  ),
  route(contract.joinSpace, ({ actor, params, body, origin }) =>
    spaces.join(actor, params.spaceId, body.password, origin),
  ),
  route(contract.leaveSpace, async ({ space, origin }) => void (await spaces.leave(space, origin))),
  route(contract.listMembers, ({ space, query }) => members.list(space, query)),
  route(contract.updateMember, ({ space, params, body, origin }) =>
    members.update(space, params.userId, body.role, origin),
  ),
  route(
    contract.removeMember,
    async ({ space, params, origin }) => void (await members.remove(space, params.userId, origin)),
  ),
];
