import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import {
  createSpace,
  getSpace,
  joinSpace,
  listSpaces,
  removeMember,
  updateMember,
  type Space,
} from '@teambrain/contract/spaces.ts';
import { createCells, expectedOf } from './permissions.cells.ts';
import { matrix } from './permissions.matrix.ts';
import type { Row } from './permissions.rows.ts';
import { nameOf, outcomeOf, requestOf } from './support/http.ts';
import { ACTORS, createBadTokens, createWorld, VISIBILITIES, type World } from './support/world.ts';

let world: World;
let cells: ReturnType<typeof createCells>;
let tokens: Awaited<ReturnType<typeof createBadTokens>>;

beforeAll(async () => {
  world = await createWorld();
  cells = createCells(world);
  tokens = await createBadTokens(world, world.guest);
});
afterAll(() => world.app.close());

const inSpace = ({ endpoint }: Row) => endpoint.path.includes(':spaceId');
const isRefusal = (wants: string) => ['not-signed-in', 'locked', 'forbidden'].includes(wants);
const firstRequest = ({ cases }: Row) => Object.values(cases)[0]?.[0] ?? {};
const rows = matrix.map((row) => [nameOf(row.endpoint), row] as const);
const cases = rows.flatMap(([name, row]) =>
  Object.entries(row.cases).map(([which, [request, outcome]]) => ({
    name: `${name}: ${which}`,
    row,
    request,
    outcome,
  })),
);

it.each(endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
  'the matrix has a row for %s',
  (_, endpoint) => {
    expect(matrix.filter((row) => row.endpoint === endpoint)).toHaveLength(1);
  },
);

it.each(cases)('$name', async ({ row, request, outcome }) => {
  const found: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const visibility of inSpace(row) ? VISIBILITIES : (['public'] as const)) {
    for (const actor of ACTORS) {
      const cell = `${visibility} ${actor}`;
      const wants = expectedOf(row, outcome, actor, visibility);
      wanted[cell] = wants;
      const at = cells.contextOf(actor, visibility, isRefusal(wants));
      const input = typeof request === 'function' ? await request(at) : request;
      found[cell] = await cells.run(row, input, actor);
    }
  }
  expect(found).toEqual(wanted);
});

describe('a space that never was, and one that was deleted', () => {
  it.each(rows.filter(([, row]) => inSpace(row)))('%s finds neither', async (_, row) => {
    const found: Record<string, string> = {};
    const request = firstRequest(row);
    const at = cells.contextOf('owner', 'public', true);
    const input = typeof request === 'function' ? await request(at) : request;
    for (const actor of ACTORS) {
      for (const spaceId of [newId(), world.goneSpace]) {
        const moved = { ...input, params: { ...input.params, spaceId } };
        const reply = await world.send(
          requestOf(row.endpoint, moved, cells.personOf(actor)?.token ?? null),
        );
        const known = found[actor] ?? outcomeOf(reply);
        found[actor] = known === outcomeOf(reply) ? known : `${known}, ${outcomeOf(reply)}`;
      }
    }
    const wanted = ACTORS.map((actor) => [
      actor,
      actor === 'anonymous' ? 'not-signed-in' : 'not-found',
    ]);
    expect(found).toEqual(Object.fromEntries(wanted));
  });
});

describe('a token that is not good', () => {
  it.each(rows)('opens nothing of %s', async (_, row) => {
    const isPublic = row.endpoint.gate === 'public';
    const [request, outcome] = Object.values(row.cases)[0] ?? [{}, ''];
    const wanted = isPublic ? expectedOf(row, outcome, 'anonymous', 'public') : 'session-ended';
    const found: Record<string, string> = {};
    for (const [kind, token] of Object.entries(tokens)) {
      const at = cells.contextOf('anonymous', 'public', true);
      const input = typeof request === 'function' ? await request(at) : request;
      found[kind] = await cells.run(row, input, 'anonymous', token);
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(tokens).map((kind) => [kind, wanted])));
  });
});

describe('of a protected space', () => {
  const outside = ['outsider', 'locked', 'administrator', 'exMember'] as const;

  it.each(outside)('the %s sees name and lock, nothing else', async (actor) => {
    const { spaceId } = world.places.protected;
    const { call } = world.cast[actor];
    const alone = await call(getSpace, { params: { spaceId } });
    const listed = (await call(listSpaces, { query: { limit: 200 } })).items;
    const locked: Space = {
      id: spaceId,
      name: 'Vault',
      visibility: 'protected',
      role: null,
      description: null,
      memberCount: null,
      lastSeq: null,
      createdAt: null,
      emoji: null,
      colour: null,
      guessedAt: null,
    };
    expect(alone).toEqual(locked);
    expect(listed.find(({ id }) => id === spaceId)).toEqual(locked);
  });
});

describe('the founder of a space', () => {
  it('who was removed does not come back by founding it again', async () => {
    const { owner: founder, member: heir } = world.cast;
    const password = 'only for members';
    const body = { id: newId(), name: 'Mine', visibility: 'protected', password } as const;
    const params = { spaceId: body.id };
    await founder.call(createSpace, { body });
    await heir.call(joinSpace, { params, body: { password } });
    const about = { params: { ...params, userId: heir.id } };
    await founder.call(updateMember, { ...about, body: { role: 'owner' } });
    await heir.call(removeMember, { params: { ...params, userId: founder.id } });
    const again = await world.send(requestOf(createSpace, { body }, founder.token));
    const read = await world.send(requestOf(listEvents, { params }, founder.token));
    expect(outcomeOf(again)).toBe('id-taken');
    expect(outcomeOf(read)).toBe('locked');
  });
});

describe('after all of this', () => {
  // Who may have written what: the table's successes and the set-up, nothing from a refused cell.
  const comings = ['member.joined', 'member.left'];
  const allowed = {
    public: { outsider: comings, locked: comings, exMember: [...comings, 'message.posted'] },
    protected: {
      outsider: comings,
      locked: comings,
      exMember: [...comings, 'message.posted'],
      administrator: comings,
    },
  };

  it.each(VISIBILITIES)('the log of the %s space holds no act of who was refused', async (kind) => {
    const params = { spaceId: world.places[kind].spaceId };
    const acts = new Map<string, Set<string>>();
    for (let after = '0'; after;) {
      const page = await world.cast.owner.call(listEvents, { params, query: { after } });
      for (const { actor, type } of page.items) {
        const own = acts.get(actor?.id ?? '') ?? new Set();
        acts.set(actor?.id ?? '', own.add(type));
      }
      after = page.next ?? '';
    }
    for (const [actor, types] of Object.entries(allowed[kind])) {
      const done = [...(acts.get(world.cast[actor as 'outsider'].id) ?? [])];
      expect(done.filter((type) => !types.includes(type))).toEqual([]);
    }
    expect(acts.size).toBeGreaterThan(3);
  });

  it.each(VISIBILITIES)('what stood in the %s space stands unchanged', async (kind) => {
    const { spaceId, message, entry } = world.places[kind];
    const read = async (path: string) => {
      const headers = { authorization: `Bearer ${world.cast.owner.token}` };
      const { text } = await world.send({ method: 'GET', path: `/api${path}`, headers });
      return JSON.parse(text) as Record<string, unknown>;
    };
    expect(await read(`/spaces/${spaceId}/entries/${entry}`)).toMatchObject({
      version: 1,
      title: 'Handbook',
    });
    const page = await read(`/spaces/${spaceId}/messages?around=${message}&limit=1`);
    expect(page['items']).toMatchObject([{ id: message, version: 1, deletedAt: null }]);
  });
});
