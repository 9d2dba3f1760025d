import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinSpace } from '@teambrain/contract/spaces.ts';
import { codeOf, register, type Person } from '../src/testing/people.ts';
import { createSpace, SPACE_KEY } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';

/** Limits of joining as shipped but for smaller numbers; others out of the way. */
const FREE = { quota: 10_000, window: 60 };
const IN_ALL = 12;
const FIRST = 3;
const limits = {
  register: FREE,
  write: { ...FREE, burst: FREE },
  'join-person': { quota: 4, window: 3_600 },
  'join-space': { quota: IN_ALL, window: 3_600 },
  'join-first': { quota: FIRST, window: 3_600 },
};
let app: TestApp;
let owner: Person;
let names = 0;

beforeAll(async () => {
  app = await createTestApp({ limitFactor: 1, config: { limits } });
  owner = await register(app.url, 'Owner');
});
afterAll(() => app.close());

const someone = () => register(app.url, `Someone${(names += 1)}`);
const join = (person: Person, spaceId: string, password: string) =>
  codeOf(person.call(joinSpace, { params: { spaceId }, body: { password } }));
const enter = (person: Person, spaceId: string) =>
  person.call(joinSpace, { params: { spaceId }, body: { password: SPACE_KEY } });

/** A space at which three people have tried all that may be tried. */
async function besieged(): Promise<string> {
  const space = await createSpace(owner);
  for (let n = 0; n < IN_ALL / 4; n += 1) {
    const guesser = await someone();
    for (let k = 0; k < 4; k += 1)
      expect(await join(guesser, space, `${k}`)).toBe('wrong-password');
    expect(await join(guesser, space, SPACE_KEY)).toBe('too-many-requests');
  }
  return space;
}

it('lets newcomers in who know the password, however much others have guessed', async () => {
  const space = await besieged();
  for (let n = 0; n < 2 * FIRST; n += 1) {
    expect((await enter(await someone(), space)).role).toBe('member');
  }
});

it('bounds the guesses of newcomers, too', async () => {
  const space = await besieged();
  for (let n = 0; n < FIRST; n += 1) {
    const guesser = await someone();
    expect(await join(guesser, space, 'a guess')).toBe('wrong-password');
    expect(await join(guesser, space, SPACE_KEY)).toBe('too-many-requests');
  }
  expect(await join(await someone(), space, 'one more')).toBe('too-many-requests');
  // What was not compared was no try: elsewhere it is this person's first.
  const patient = await someone();
  for (let n = 0; n < 5; n += 1) {
    expect(await join(patient, space, 'a guess')).toBe('too-many-requests');
  }
  expect((await enter(patient, await createSpace(owner))).role).toBe('member');
});

it('does not count right passwords, of the person or of the space', async () => {
  const space = await createSpace(owner);
  for (let n = 0; n < IN_ALL + FIRST + 1; n += 1) {
    expect((await enter(await someone(), space)).role).toBe('member');
  }
  const busy = await someone();
  for (let n = 0; n < 5; n += 1) {
    expect((await enter(busy, await createSpace(owner))).role).toBe('member');
  }
});
