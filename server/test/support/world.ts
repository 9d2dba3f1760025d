import { randomBytes } from 'node:crypto';
import { v7 as newId } from 'uuid';
import * as auth from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import { createGroup } from '@teambrain/contract/groups.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { scheduleMessage } from '@teambrain/contract/scheduled.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { createTokens } from '../../src/platform/http/tokens.ts';
import { createCast, register, SPACE_PASSWORD, type Person } from '../../src/testing/people.ts';
import { upload } from '../../src/testing/files/uploads.ts';
import { createTestApp, type TestAppOptions } from '../../src/testing/test-app.ts';
import { createSender, requestOf, type Reply, type Send } from './http.ts';

/** Everyone who can stand before a space, in the columns' order of the matrix. */
export const ACTORS = [
  'anonymous',
  'outsider',
  'locked',
  'member',
  'moderator',
  'owner',
  'administrator',
  'exMember',
] as const;
export type ActorName = (typeof ACTORS)[number];
export type SignedInName = Exclude<ActorName, 'anonymous'>;

export type Visibility = 'public' | 'protected';
export const VISIBILITIES: readonly Visibility[] = ['public', 'protected'];

/** A space with one of everything in it. */
export interface Place {
  spaceId: string;
  visibility: Visibility;
  /** A message of the guest, another plain member. */
  message: string;
  /** A deleted message of the guest. */
  deleted: string;
  /** A message that the ex-member posted before being removed. */
  exMembers: string;
  /** A document of the owner that nobody changes. */
  entry: string;
  /** An entry in the trash. */
  trashed: string;
  /** A file of a message of the guest, and one of the guest that no message has. */
  file: string;
  unposted: string;
  /** A message that the guest sends later. */
  scheduled: string;
  /** A group of the guest's, and its name. */
  group: string;
  groupName: string;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The cast on an app of its own, in one public and one protected space full of things. */
export async function createWorld(options: TestAppOptions = {}) {
  const secret = options.config?.secret ?? randomBytes(48).toString('base64');
  const app = await createTestApp({ ...options, config: { ...options.config, secret } });
  const { url } = app;
  const cast = await createCast(url);
  const guest = await register(url, 'Guest');
  const send = createSender(url);
  const places = {
    public: await furnish(cast, guest, cast.publicSpace.id, 'public'),
    protected: await furnish(cast, guest, cast.protectedSpace.id, 'protected'),
  };
  const gone = await cast.owner.call(spaces.createSpace, {
    body: { name: 'Gone', visibility: 'public' },
  });
  await cast.owner.call(spaces.deleteSpace, { params: { spaceId: gone.id } });
  return { app, url, secret, send, cast, guest, places, goneSpace: gone.id };
}

type Cast = Awaited<ReturnType<typeof createCast>>;

async function furnish(
  { owner, exMember }: Cast,
  guest: Person,
  spaceId: string,
  visibility: Visibility,
): Promise<Place> {
  const params = { spaceId };
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  const password = { password: SPACE_PASSWORD };
  const post = async (person: Person, text: string) =>
    (await person.call(chat.postMessage, { params, body: { text } })).id;
  const write = async (title: string) => {
    const body = { kind: 'document', title, markdown: `Text of ${title}.` } as const;
    return (await owner.call(knowledge.createEntry, { params, body })).id;
  };
  await guest.call(spaces.joinSpace, { params, body: password });
  await exMember.call(spaces.joinSpace, { params, body: password });
  const place: Place = {
    spaceId,
    visibility,
    message: await post(guest, 'The coffee machine is on the second floor.'),
    deleted: await post(guest, 'This goes away.'),
    exMembers: await post(exMember, 'I was here.'),
    entry: await write('Handbook'),
    trashed: await write('Old handbook'),
    file: (await upload(guest, spaceId, 'plan.txt', 'The plan.')).id,
    unposted: (await upload(guest, spaceId, 'draft.txt', 'A draft.')).id,
    ...(await makeGroup(guest, `Crew ${visibility}`)),
    scheduled: (await guest.call(scheduleMessage, { params, body: { text: 'Later.', sendAt } })).id,
  };
  await guest.call(chat.postMessage, { params, body: { files: [place.file] } });
  await guest.call(chat.deleteMessage, { params: { ...params, messageId: place.deleted } });
  await owner.call(knowledge.deleteEntry, { params: { ...params, entryId: place.trashed } });
  await owner.call(spaces.removeMember, { params: { ...params, userId: exMember.id } });
  return place;
}

async function makeGroup(person: Person, groupName: string) {
  const { id: group } = await person.call(createGroup, { body: { name: groupName } });
  return { group, groupName };
}

/** The claims in a JWT, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as never;

export const sessionOf = (token: string): string => String(claimsOf(token)['sid']);

/** Signs someone in once more. */
export async function logIn(send: Send, { email, password }: Person) {
  const reply = await send(requestOf(auth.login, { body: { email, password } }, null));
  const { accessToken } = JSON.parse(reply.text) as auth.SignedIn;
  return { token: accessToken, sessionId: sessionOf(accessToken), cookie: cookieOf(reply) };
}

/** `name=value` of the refresh cookie that an answer sets. */
export const cookieOf = ({ headers }: Reply): string =>
  headers['set-cookie']?.[0]?.split(';')[0] ?? '';

/** Tokens that must not open anything, all made for an existing, living account. */
export async function createBadTokens({ send, secret }: World, person: Person) {
  const { token: revoked, cookie: endedCookie } = await logIn(send, person);
  await send(requestOf(auth.logout, { headers: { cookie: endedCookie } }, revoked));
  const live = await logIn(send, person);
  const longAgo = { now: () => new Date(Date.now() - 3_600_000) };
  const otherKey = createTokens(randomBytes(48).toString('base64'), { now: () => new Date() });
  return {
    revoked,
    expired: await createTokens(secret, longAgo).access(person.id, live.sessionId),
    otherKey: await otherKey.access(person.id, live.sessionId),
    unknownSession: await createTokens(secret, { now: () => new Date() }).access(
      person.id,
      newId(),
    ),
    refreshToken: live.cookie.split('=')[1] ?? '',
    garbage: 'garbage',
  };
}
