import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Closed, Id, Instant, Line, Nullable, OneOf, Person, Seq, Text } from './id.ts';
import { Page, PageQuery } from './page.ts';
import { Role, Visibility } from './role.ts';

export const SPACE_NAME_MAX = 80;
export const SPACE_PASSWORD_MIN = 6;

const Name = Line(SPACE_NAME_MAX, 'name');
const Description = Text({ maxLength: 500 });
/** Colours of a space; without one it has a colour that follows from its id. */
export const SpaceColour = OneOf(
  'petrol',
  'blue',
  'indigo',
  'purple',
  'pink',
  'red',
  'orange',
  'amber',
  'green',
  'grey',
);
export type SpaceColour = Static<typeof SpaceColour>;
const Emoji = Text({ minLength: 1, maxLength: 32, description: 'One emoji' });

const SpacePassword = Type.String({ minLength: SPACE_PASSWORD_MIN, maxLength: 256 });

/**
 * A space as its reader may see it. To someone who has not joined a protected space only `id`,
 * `name` and `visibility` carry anything; the rest is null.
 * `guessedAt` is for owners and moderators alone: when many wrong passwords were tried within an
 * hour, until the password is changed or someone takes note.
 */
export const Space = Closed({
  id: Id,
  name: Type.String(),
  visibility: Visibility,
  role: Nullable(Role),
  description: Nullable(Type.String()),
  emoji: Nullable(Type.String()),
  colour: Nullable(SpaceColour),
  memberCount: Nullable(Type.Integer()),
  lastSeq: Nullable(Seq),
  createdAt: Nullable(Instant),
  guessedAt: Nullable(Instant),
});
export type Space = Static<typeof Space>;

export const Membership = Closed({ user: Person, role: Role, joinedAt: Instant });
export type Membership = Static<typeof Membership>;

export const listSpaces = endpoint('GET /spaces', 'user', {
  summary: 'Spaces of this instance; of protected ones not joined just name and lock',
  limit: 'read',
  query: Closed({
    query: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name' })),
    joined: Type.Optional(OneOf('true', 'false')),
    ...PageQuery,
  }),
  answer: Page(Space),
});

export const createSpace = endpoint('POST /spaces', 'user', {
  summary: 'Create a space and become its owner; a protected one needs a password',
  limit: 'write',
  body: Closed({
    id: Type.Optional(Id),
    name: Name,
    description: Type.Optional(Description),
    emoji: Type.Optional(Nullable(Emoji)),
    colour: Type.Optional(Nullable(SpaceColour)),
    visibility: Visibility,
    password: Type.Optional(SpacePassword),
  }),
  answer: Space,
  status: 201,
  problems: ['id-taken', 'weak-password', 'busy'],
});

export const getSpace = endpoint('GET /spaces/:spaceId', 'user', {
  summary: 'One space; of a protected one not joined just name and lock',
  limit: 'read',
  answer: Space,
  problems: ['not-found'],
});

export const updateSpace = endpoint('PATCH /spaces/:spaceId', 'manage', {
  summary:
    'Rename, describe, mark, or change the password; with `everyoneJoinsAnew` those whom the caller may remove have to join again',
  limit: 'write',
  body: Closed(
    {
      name: Type.Optional(Name),
      description: Type.Optional(Description),
      emoji: Type.Optional(Nullable(Emoji)),
      colour: Type.Optional(Nullable(SpaceColour)),
      password: Type.Optional(SpacePassword),
      everyoneJoinsAnew: Type.Optional(Type.Boolean()),
    },
    { minProperties: 1 },
  ),
  answer: Space,
  problems: ['weak-password', 'conflict', 'busy'],
});

export const deleteSpace = endpoint('DELETE /spaces/:spaceId', 'manage', {
  summary: 'Delete a space with all it holds; owners only, and for good',
  limit: 'write',
});

export const noteGuessing = endpoint('DELETE /spaces/:spaceId/guessing', 'manage', {
  summary: 'Take note that the password was being guessed: `guessedAt` is null again',
  limit: 'write',
});

export const joinSpace = endpoint('POST /spaces/:spaceId/join', 'user', {
  summary: 'Join; a protected space asks for its password',
  limit: 'join',
  body: Closed({ password: Type.Optional(Type.String({ maxLength: 256 })) }),
  answer: Membership,
  problems: ['wrong-password', 'not-found', 'busy'],
});

export const leaveSpace = endpoint('POST /spaces/:spaceId/leave', 'read', {
  summary: 'Leave; the last owner cannot',
  limit: 'write',
  problems: ['last-owner'],
});

export const listMembers = endpoint('GET /spaces/:spaceId/members', 'read', {
  summary: 'Who has joined',
  limit: 'read',
  query: Closed(PageQuery),
  answer: Page(Membership),
});

export const updateMember = endpoint('PATCH /spaces/:spaceId/members/:userId', 'manage', {
  summary: 'Change someone’s role',
  limit: 'write',
  body: Closed({ role: Role }),
  answer: Membership,
  problems: ['last-owner', 'conflict'],
});

export const removeMember = endpoint('DELETE /spaces/:spaceId/members/:userId', 'manage', {
  summary: 'Remove someone; in a protected space they need the password to return',
  limit: 'write',
  problems: ['last-owner', 'conflict'],
});

export const spaceCreated = event('space.created', Closed({ name: Type.String() }), {
  words: ['name'],
});
export const spaceUpdated = event(
  'space.updated',
  Closed({
    name: Type.String(),
    description: Type.String(),
    // Events of before have neither.
    emoji: Type.Optional(Nullable(Type.String())),
    colour: Type.Optional(Nullable(SpaceColour)),
  }),
  { words: ['name', 'description'] },
);
export const spacePasswordChanged = event(
  'space.password-changed',
  Closed({
    everyoneJoinsAnew: Type.Boolean(),
    stay: Type.Optional(
      Type.Array(Role, { description: 'Whose memberships went on; of owners alone where absent' }),
    ),
  }),
  { changesRights: true },
);
export const memberJoined = event('member.joined', Closed({ user: Person, role: Role }), {
  changesRights: true,
});
export const memberLeft = event('member.left', Closed({ user: Person }), { changesRights: true });
export const memberRemoved = event('member.removed', Closed({ user: Person }), {
  changesRights: true,
});
export const memberRoleChanged = event(
  'member.role-changed',
  Closed({ user: Person, role: Role }),
  {
    changesRights: true,
  },
);
