import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Closed, Id, Line, Nullable, OneOf, Person } from './id.ts';
import { Page, PageQuery } from './page.ts';

export const GROUP_NAME_MAX = 60;
/** People in one group. */
export const GROUP_MEMBERS_MAX = 500;
/** Groups that one person can have made and that are there. */
export const GROUPS_EACH = 50;

const Name = Line(GROUP_NAME_MAX, 'name');
export const GroupRole = OneOf('owner', 'member');
export type GroupRole = Static<typeof GroupRole>;

/**
 * People of the whole instance under one name, so that they can be mentioned together. Each is kept
 * by its owners. It gives nobody a right in any space.
 */
export const Group = Closed({
  id: Id,
  name: Type.String(),
  memberCount: Type.Integer({ minimum: 0 }),
  role: Nullable(GroupRole),
});
export type Group = Static<typeof Group>;

export const GroupMember = Closed({ user: Person, role: GroupRole });
export type GroupMember = Static<typeof GroupMember>;

export const listGroups = endpoint('GET /groups', 'user', {
  summary: 'Groups by name, or those with a word that begins with the query',
  limit: 'read',
  query: Closed({
    query: Type.Optional(Type.String({ maxLength: 100 })),
    ...PageQuery,
  }),
  answer: Page(Group),
});

export const getGroup = endpoint('GET /groups/:groupId', 'user', {
  summary:
    'A group with its members: all of them for its owners, for others those who are in a space they may read',
  limit: 'read',
  answer: Closed({
    ...Group.properties,
    members: Type.Array(GroupMember, { maxItems: GROUP_MEMBERS_MAX }),
  }),
  problems: ['not-found'],
});

export const createGroup = endpoint('POST /groups', 'user', {
  summary: 'Make a group and become its owner; the same id again gives the group',
  limit: 'write',
  body: Closed({ id: Type.Optional(Id), name: Name }),
  answer: Group,
  status: 201,
  problems: ['id-taken', 'conflict'],
});

export const updateGroup = endpoint('PATCH /groups/:groupId', 'user', {
  summary: 'Rename a group; for its owners and for administrators',
  limit: 'write',
  body: Closed({ name: Name }),
  answer: Group,
  problems: ['not-found', 'forbidden', 'conflict'],
});

export const deleteGroup = endpoint('DELETE /groups/:groupId', 'user', {
  summary: 'Delete a group; for its owners and for administrators. Mentions of it stay as words',
  limit: 'write',
  problems: ['not-found', 'forbidden'],
});

export const putGroupMember = endpoint('PUT /groups/:groupId/members/:userId', 'user', {
  summary:
    'Add somebody whom one may know to a group, or make them an owner or none; for its owners and for administrators',
  limit: 'write',
  body: Closed({ role: GroupRole }),
  problems: ['not-found', 'forbidden', 'last-owner'],
});

export const removeGroupMember = endpoint('DELETE /groups/:groupId/members/:userId', 'user', {
  summary: 'Remove somebody from a group, for its owners and for administrators; or leave it',
  limit: 'write',
  problems: ['not-found', 'forbidden', 'last-owner'],
});
