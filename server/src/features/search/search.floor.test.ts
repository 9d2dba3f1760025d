import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let space: string;

const THINGS = 'lamp gate crane barge rope buoy anchor winch hull mast'.split(' ');
const PLACES = 'harbour quay yard dock shed pier canal lock bridge tower'.split(' ');

beforeAll(async () => {
  app = await createTestApp({ hasMeaning: true });
  owner = await register(app.url, 'Owner');
  space = await createSpace(owner);
  // A section whose heading is a question is a passage of its own.
  const sections = upTo(100).map((n) => {
    const [thing, place] = [THINGS[n % 10], PLACES[Math.floor(n / 10) % 10]];
    return `## Who repairs the ${thing} of the ${place}?\n\nThe workshop does.`;
  });
  await write('Questions', sections.join('\n\n'));
  await write('Kubernetes migration', 'Restore the snapshot PROJ-77 from Friday evening.');
  await post(owner, space, 'Use rm -r to remove the purple folder.');
  await app.followers.idle();
});
afterAll(() => app.close());

const write = (title: string, markdown: string) =>
  owner.call(knowledge.createEntry, {
    params: { spaceId: space },
    body: { kind: 'document', title, markdown },
  });
const found = async (q: string) =>
  (await owner.call(contract.search, { query: { q } })).items.map(
    ({ source, snippet }) => source.title || snippet,
  );

describe('a search among a hundred passages', () => {
  it.each([
    ['asdfghjkl'],
    ['xqzvw kjhgf plmokn'],
    ['wibblefrotz snarfblat'],
    ['purple elephant sonata'],
    ['marzipan volcano trombone'],
    ['how do I frobnicate a zorplet?'],
    ['жираф танцует сальсу'],
    ['🦒🎻🌋'],
    ['8472-XKCD-99931'],
  ])('finds nothing for %s', async (q) => {
    expect(await found(q)).toEqual([]);
  });

  it.each([
    ['a rare word', 'snapshot'],
    ['its beginning', 'snaps'],
    ['the beginning of its name', 'kub'],
    ['words that are mostly known', 'kubernetes snapshot zorplet'],
    ['a slip of the fingers', 'kuberntes'],
    ['a question around it', 'How did we restore the snapshot of Friday, please?'],
  ])('still finds by %s', async (_, q) => {
    expect((await found(q))[0]).toBe('Kubernetes migration');
  });

  it.each([
    ['purple elephant sonata', ['purple']],
    ['kuberntes elephant sonata', ['Kubernetes']],
    ['marzipan volcano', []],
    ['snapshot', []],
  ])('offers for %s what is known of it: %s', async (q, expected) => {
    const { suggestions } = await owner.call(contract.search, { query: { q } });
    expect(suggestions).toEqual(expected);
  });

  it('still finds by the meaning what has only some of the words', async () => {
    expect((await found('delete a purple directory'))[0]).toBe(
      'Use rm -r to remove the purple folder.',
    );
  });
});
