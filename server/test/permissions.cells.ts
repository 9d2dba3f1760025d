import { v7 as newId } from 'uuid';
import * as chat from '@teambrain/contract/chat.ts';
import { createGroup } from '@teambrain/contract/groups.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import type { Role } from '@teambrain/contract/role.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { upload } from '../src/testing/files/uploads.ts';
import { callAs, SPACE_PASSWORD, type Person } from '../src/testing/people.ts';
import type { At, Outcome, Row } from './permissions.rows.ts';
import { outcomeOf, requestOf, type Input } from './support/http.ts';
import {
  ACTORS,
  logIn,
  sessionOf,
  type ActorName,
  type Place,
  type Visibility,
  type World,
} from './support/world.ts';

/** What the table says of a cell: the gate's refusal, or the case's outcome for this actor. */
export function expectedOf(
  { gate }: Row,
  outcome: Outcome,
  actor: ActorName,
  visibility: Visibility,
): string {
  const atGate = gate[visibility][ACTORS.indexOf(actor)] ?? '';
  if (atGate !== 'ok') return atGate;
  if (typeof outcome === 'string') return outcome;
  const byActor = 'public' in outcome ? outcome[visibility] : outcome;
  return typeof byActor === 'string' ? byActor : (byActor[actor] ?? byActor.rest);
}

/** Runs cells of the matrix: makes what a request needs and puts back what a success changed. */
export function createCells(world: World) {
  const { cast, guest, places, send } = world;
  const doomed = new Map<Visibility, string>();

  const personOf = (actor: ActorName) => (actor === 'anonymous' ? null : cast[actor]);

  /** What a request of the actor is made of; of who is refused nothing fresh is needed. */
  function contextOf(actor: ActorName, visibility: Visibility, isRefused = false): At {
    const here = places[visibility];
    const me = personOf(actor);
    const params = { spaceId: here.spaceId };
    const post = async (person: Person) =>
      (await person.call(chat.postMessage, { params, body: { text: 'Fresh' } })).id;
    const entry = async () => {
      const body = { kind: 'document', title: 'Fresh', markdown: 'Text.' } as const;
      return (await cast.owner.call(knowledge.createEntry, { params, body })).id;
    };
    const trashed = async () => {
      const entryId = await entry();
      await cast.owner.call(knowledge.deleteEntry, { params: { ...params, entryId } });
      return entryId;
    };
    return {
      here,
      there: places[visibility === 'public' ? 'protected' : 'public'],
      me,
      people: { ...cast, guest },
      nowhere: newId(),
      guestSession: sessionOf(guest.token),
      unique: `u${newId()}`,
      fresh: isRefused
        ? standing(here)
        : {
            // Who has left wrote theirs before.
            own: async () => (actor === 'exMember' ? here.exMembers : post(me ?? guest)),
            guests: () => post(guest),
            entry,
            trashed,
            upload: async () => (await upload(me ?? guest, here.spaceId, 'fresh.txt', 'x')).id,
            group: async () => {
              const body = { name: `Fresh ${newId()}` };
              return (await guest.call(createGroup, { body })).id;
            },
            space: () => doomedSpace(visibility),
            cookie: async () => (await logIn(send, guest)).cookie,
            ownSession: async () => (await logIn(send, me ?? guest)).sessionId,
          },
    };
  }

  /** In place of fresh things: what is there for good, or will be found changed in the end. */
  const standing = ({
    spaceId,
    message,
    exMembers,
    entry,
    trashed,
    unposted,
    group,
  }: Place): At['fresh'] => ({
    upload: () => Promise.resolve(unposted),
    own: () => Promise.resolve(exMembers),
    guests: () => Promise.resolve(message),
    entry: () => Promise.resolve(entry),
    trashed: () => Promise.resolve(trashed),
    group: () => Promise.resolve(group),
    space: () => Promise.resolve(spaceId),
    cookie: async () => (await logIn(send, guest)).cookie,
    ownSession: () => Promise.resolve(sessionOf(guest.token)),
  });

  /** A space with the cast in it that may be deleted; the same until that happened. */
  async function doomedSpace(visibility: Visibility): Promise<string> {
    const known = doomed.get(visibility);
    if (known) return known;
    const password = visibility === 'protected' ? { password: SPACE_PASSWORD } : {};
    const body = { name: 'Doomed', visibility, ...password };
    const { id } = await cast.owner.call(spaces.createSpace, { body });
    await restoreStanding({ ...places[visibility], spaceId: id });
    doomed.set(visibility, id);
    return id;
  }

  /** Everyone as they were: members in, moderators at their rank, all others out. */
  async function restoreStanding({ spaceId }: Place): Promise<void> {
    const params = { spaceId };
    const wanted: [Person, Role | null][] = [
      [cast.moderator, 'moderator'],
      [cast.member, 'member'],
      [guest, 'member'],
      [cast.outsider, null],
      [cast.locked, null],
      [cast.administrator, null],
      [cast.exMember, null],
    ];
    const { items } = await cast.owner.call(spaces.listMembers, { params });
    for (const [{ id: userId, call }, role] of wanted) {
      const now = items.find(({ user }) => user.id === userId)?.role ?? null;
      if (now === role) continue;
      const about = { params: { ...params, userId } };
      if (!role) await cast.owner.call(spaces.removeMember, about);
      if (role && !now) {
        await call(spaces.joinSpace, { params, body: { password: SPACE_PASSWORD } });
      }
      if (role) await cast.owner.call(spaces.updateMember, { ...about, body: { role } });
    }
  }

  async function signInAgain(actor: ActorName): Promise<void> {
    const person = personOf(actor);
    if (!person) return;
    const { token } = await logIn(send, person);
    Object.assign(person, { token, call: callAs(world.url, token) });
  }

  return {
    contextOf,
    /** What happens when the actor (or whoever has the token) sends the case's request. */
    async run(row: Row, input: Input, actor: ActorName, token = personOf(actor)?.token ?? null) {
      const reply = await send(requestOf(row.endpoint, input, token));
      const isSuccess = reply.status < 400;
      if (isSuccess && row.endsSession) await signInAgain(actor);
      if (isSuccess && row.changesStanding) {
        await restoreStanding(places.public);
        await restoreStanding(places.protected);
      }
      if (isSuccess && row.endpoint === spaces.deleteSpace) doomed.clear();
      return outcomeOf(reply);
    },
    personOf,
  };
}
