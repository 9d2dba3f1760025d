import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@teambrain/contract/all.ts';
import { endSession, logout, logoutAll, refresh } from '@teambrain/contract/auth.ts';
import { deleteSpace } from '@teambrain/contract/spaces.ts';
import { requestsOf, type Ids } from './contract.requests.ts';
import { nameOf, requestOf } from './support/http.ts';
import { failuresIn, faultsOf } from './support/sound.ts';
import { createWorld, type Place, type World } from './support/world.ts';

/** Random requests per endpoint; more with FUZZ=<factor>. */
const RUNS = 60 * Number(process.env['FUZZ'] ?? 1);
/** As many are under way at once. */
const BATCH = 6;

let world: World;
let ids: Ids;

beforeAll(async () => {
  world = await createWorld();
  const { cast, places, goneSpace } = world;
  const { public: open, protected: shut } = places;
  const both = <K extends keyof Place>(name: K) => [open[name], shut[name]];
  const people = [cast.owner.id, cast.member.id, cast.outsider.id];
  const byName = {
    spaceId: [...both('spaceId'), open.spaceId, open.spaceId.toUpperCase()],
    messageId: [...both('message'), ...both('deleted'), ...both('exMembers')],
    entryId: [...both('entry'), ...both('trashed')],
    fileId: [...both('file'), ...both('unposted')],
    userId: people,
  };
  ids = { byName, any: [...Object.values(byName).flat(), goneSpace, newId()] };
});
afterAll(() => world.app.close());

const ending = new Set<unknown>([refresh, logout, logoutAll, endSession]);

/** The owner reaches deepest; what would end the test is asked by somebody else. */
function askers(endpoint: unknown): (string | null)[] {
  const { owner, member, outsider } = world.cast;
  if (ending.has(endpoint)) return [null, 'x.y.z'];
  if (endpoint === deleteSpace) return [member.token, outsider.token];
  return [owner.token, owner.token, owner.token, member.token, outsider.token, null];
}

describe('whatever is asked, the answer is sound', () => {
  it.each(endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s',
    async (_, endpoint) => {
      const request = fc.tuple(requestsOf(endpoint, ids), fc.constantFrom(...askers(endpoint)));
      let passed = 0;
      const batch = fc.array(request, { minLength: BATCH, maxLength: BATCH });
      await fc.assert(
        fc.asyncProperty(batch, async (requests) => {
          const replies = await Promise.all(
            requests.map(([input, token]) => world.send(requestOf(endpoint, input, token))),
          );
          expect(replies.flatMap(faultsOf)).toEqual([]);
          passed += replies.filter(({ text }) => !/session-ended|not-signed-in/.test(text)).length;
        }),
        { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
      );
      // Guards the test itself: a dead session would make everything look sound.
      if (!ending.has(endpoint)) expect(passed).toBeGreaterThan(RUNS / 3);
    },
  );

  it('and nothing failed inside', () => {
    expect(failuresIn(world.app.logged())).toEqual([]);
  });
});

describe('search', () => {
  const operators = fc.constantFrom(
    ...'& | ! ( ) < > : * \' " \\ <-> <2> :* :A % _ -- /* $1 $$'.split(' '),
  );
  const word = fc.oneof(
    operators,
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      'coffee',
      'http://a.example/?b=1&c=2',
      'a.b@c.example',
      '-1.5e10',
      '/etc/passwd',
    ),
  );
  const words = fc.array(word, { minLength: 1, maxLength: 6 });

  it('takes any words and operators', async () => {
    const { token } = world.cast.owner;
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom('', ' '), async (parts, glue) => {
        const q = encodeURIComponent(Buffer.from(parts.join(glue)).toString());
        const headers = { authorization: `Bearer ${token}` };
        const reply = await world.send({ method: 'GET', path: `/api/search?q=${q}`, headers });
        expect(faultsOf(reply)).toEqual([]);
      }),
      { numRuns: 2 * RUNS, endOnFailure: true },
    );
  });
});
