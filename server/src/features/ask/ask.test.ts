import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/ask.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { codeOf, register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;
let outsider: Person;
let space: string;
const texts = new Map<string, string>();

beforeAll(async () => {
  app = await createTestApp({ hasMeaning: true });
  owner = await register(app.url, 'Owner');
  outsider = await register(app.url, 'Outsider');
  space = await createSpace(owner);
  await write(
    'Backups',
    '## When\n\nThe database is **backed up** every night at 02:30.\n\nCopies are kept in Frankfurt for 35 days.',
  );
  await write('Parking', 'Visitors park behind the red building. The gate code is CNRY-4711.');
  const sent = await post(owner, space, 'The release of version 4 was moved to the 12th of March.');
  texts.set(sent.id, sent.text);
  await app.followers.idle();
});
afterAll(() => app.close());

async function write(title: string, markdown: string): Promise<knowledge.Entry> {
  const params = { spaceId: space };
  const body = { kind: 'document', title, markdown } as const;
  const entry = await owner.call(knowledge.createEntry, { params, body });
  texts.set(entry.id, markdown);
  return entry;
}

const ask = (question: string, person = owner, spaces?: string[]) =>
  person.call(contract.ask, { body: { question, ...(spaces ? { spaces } : {}) } });

const askAfter = (before: string, question: string) =>
  owner.call(contract.ask, { body: { question, turns: [{ question: before }] } });

const excerptsOf = ({ found }: contract.Answer) => found.flatMap(({ excerpts }) => excerpts);

const linesOf = (answer: contract.Answer) =>
  excerptsOf(answer).map(({ lines }) =>
    lines.map(({ role, number, text }) => `${role[0]}${number ?? ''} ${text}`),
  );

/** Every sentence rests on a citation, and every citation is the source's exact words. */
function expectProven(answer: contract.Answer): void {
  const { sentences, citations } = answer;
  const shown = excerptsOf(answer).flatMap(({ lines }) => lines.map(({ text }) => text));
  expect(new Set(shown).size).toBe(shown.length);
  for (const { text } of sentences) expect(shown).toContain(text);
  for (const { source, start, end, quote } of citations) {
    expect(texts.get(source.id)?.slice(start, end)).toBe(quote);
    expect(quote.trim()).not.toBe('');
  }
  for (const sentence of sentences) {
    expect(sentence.citations.length).toBeGreaterThan(0);
    for (const index of sentence.citations) expect(citations[index]).toBeDefined();
  }
}

describe('a question', () => {
  it.each([
    ['When is the database backed up?', '02:30', 'Backups'],
    ['Where are copies kept?', 'Frankfurt', 'Backups'],
    ['When is the release of version 4?', '12th of March', ''],
    ['Where do visitors park?', 'behind the red building', 'Parking'],
  ])('“%s” is answered with the words that say so', async (question, words, title) => {
    const answer = await ask(question);
    expect(answer.status).toBe('answered');
    expect(answer.sentences.map(({ text }) => text).join(' ')).toContain(words);
    expect(answer.citations.map(({ source }) => source.title)).toContain(title);
    expectProven(answer);
    expect(answer.nearest).toEqual([]);
  });

  it('that equals a heading is answered by the text below that heading, whatever its words', async () => {
    const about = (thing: string, vault: string) =>
      `## Which safe has the ${thing}?\n\nIt lies in the one called ${vault}.`;
    await write('Secrets', `${about('deploy key', 'blue')}\n\n${about('release token', 'green')}`);
    await app.followers.idle();
    const statuses = new Set<string>();
    for (const [thing, vault] of [
      ['deploy key', 'blue'],
      ['release token', 'green'],
      ['deployed keys', 'blue'],
      ['released tokens', 'green'],
    ] as const) {
      const answer = await ask(`Which safe has the ${thing}?`);
      statuses.add(answer.status);
      expect(answer.sentences[0]?.text).toBe(`It lies in the one called ${vault}.`);
      expectProven(answer);
    }
    // "deploy" and "release" have other stems than other stemmers give them.
    expect([...statuses]).toEqual(['answered']);
  });

  it('comes with at most twenty questions before it', async () => {
    const body = (count: number) => ({
      question: 'Where do visitors park?',
      turns: Array.from({ length: count }, () => ({ question: 'And then?' })),
    });
    expect((await owner.call(contract.ask, { body: body(20) })).status).toBe('answered');
    expect(await codeOf(owner.call(contract.ask, { body: body(21) }))).toBe('invalid-request');
  });

  it('shows the text without its Markdown and quotes it with', async () => {
    const { sentences, citations } = await ask('When is the database backed up?');
    expect(sentences[0]?.text).toContain('is backed up every night');
    expect(citations[sentences[0]?.citations[0] ?? -1]?.quote).toContain('**backed up**');
  });

  it('shows a step among its steps and a sentence that ends in a colon with its list', async () => {
    await write(
      'Badge office',
      'Some words.\n\n## Renew your badge\n\n1. Call the badge office.\n1. Bring an *old badge* and a photo.\n1. Sign the list.\n\n' +
        '## Lost badges\n\nTo replace a lost badge you must bring:\n\n- a passport\n- the police report\n\nBack to [badges](#renew).',
    );
    await app.followers.idle();
    const step = await ask('Which old badge and photo do I bring?');
    expect(linesOf(step)[0]).toEqual([
      'c1 Call the badge office.',
      'q2 Bring an old badge and a photo.',
      'c3 Sign the list.',
    ]);
    expect(excerptsOf(step)[0]?.heading).toBe('Renew your badge');
    expectProven(step);
    const list = await ask('What must I bring to replace a lost badge?');
    expect(list.sentences.map(({ text }) => text)).toEqual([
      'To replace a lost badge you must bring:',
      'a passport',
      'the police report',
    ]);
    expect(JSON.stringify(list)).not.toContain('Back to');
    expectProven(list);
  });

  it('begins with the page that is titled like it', async () => {
    await write('Parcel pickup', 'Parcels are left at the north gate. Ring the bell twice.');
    await app.followers.idle();
    const { page, found } = await ask('parcel pickup');
    expect([page?.title, found[0]?.source.title]).toEqual(['Parcel pickup', 'Parcel pickup']);
  });

  it('that asks who, when or how many is not answered by words that name none', async () => {
    await write('Orchids', 'Orchids in the greenhouse get water.');
    await app.followers.idle();
    expect((await ask('What do orchids in the greenhouse get?')).status).toBe('answered');
    expect((await ask('When do orchids in the greenhouse get water?')).status).toBe('maybe');
    expect((await ask('How many litres do orchids in the greenhouse get?')).status).not.toBe(
      'answered',
    );
  });

  it('is understood with a slip of the fingers', async () => {
    const { status, sentences } = await ask('When is the datbase backed up?');
    expect([status, sentences[0]?.text]).toEqual([
      'answered',
      'The database is backed up every night at 02:30.',
    ]);
  });

  it('may lean on the one before it, which does not outweigh its own words', async () => {
    const alone = await ask('And why is that so?');
    expect(alone.status).toBe('unknown');
    const follows = await askAfter('When is the database backed up?', 'And where is it kept?');
    expect(follows.sentences.map(({ text }) => text).join(' ')).toContain('Frankfurt');
    const again = await askAfter('When is the database backed up?', 'And why is that so?');
    expect(again.citations[0]?.source.title).toBe('Backups');
    const other = await askAfter('When is the database backed up?', 'Where do visitors park?');
    expect(other.sentences[0]?.text).toContain('behind the red building');
  });

  it('in another language is looked for by its words', async () => {
    await write('Urlaub', 'Urlaub wird beim Vorgesetzten schriftlich beantragt.');
    await app.followers.idle();
    const { citations } = await ask('Wie wird der Urlaub beantragt?');
    expect(citations[0]?.source.title).toBe('Urlaub');
    expect((await ask('Wie heißt die Hauptstadt der Mongolei?')).status).toBe('unknown');
  });

  it.each(['Who won the 1998 world cup?', 'What is the capital of Mongolia?', '???', 'zzz qqq'])(
    '“%s”, to which nothing is known, is refused instead of guessed',
    async (question) => {
      const answer = await ask(question);
      expect(answer.status).toBe('unknown');
      expect([answer.sentences, answer.citations]).toEqual([[], []]);
    },
  );

  it('never cites what was deleted, not even before the index caught up', async () => {
    const sent = await post(owner, space, 'The badger tunnel opens on the 3rd of June.');
    texts.set(sent.id, sent.text);
    await app.followers.idle();
    const question = 'When does the badger tunnel open?';
    const before = await ask(question);
    expect(before.status).toBe('answered');
    expectProven(before);
    await owner.call(chat.deleteMessage, { params: { spaceId: space, messageId: sent.id } });
    const after = await ask(question);
    expect(JSON.stringify(after)).not.toContain('badger');
    expect(after.citations.map(({ source }) => source.id)).not.toContain(sent.id);
  });

  it('keeps to the spaces asked for', async () => {
    const other = await createSpace(owner);
    expect((await ask('Where do visitors park?', owner, [space])).status).toBe('answered');
    expect((await ask('Where do visitors park?', owner, [other])).status).toBe('unknown');
    expect((await ask('Where do visitors park?', owner, [])).status).toBe('unknown');
  });

  it('of someone outside a protected space has no answer from it', async () => {
    for (const spaces of [undefined, [space]]) {
      const answer = await ask('What is the gate code for visitors?', outsider, spaces);
      expect(answer).toEqual({
        status: 'unknown',
        method: 'evidence',
        model: null,
        instead: null,
        sentences: [],
        citations: [],
        found: [],
        page: null,
        nearest: [],
      });
    }
    const mine = await ask('What is the gate code?');
    expect(JSON.stringify(mine)).toContain('CNRY-4711');
    expect(app.logged()).not.toContain('CNRY-4711');
  });

  it('has words, and not too many', async () => {
    for (const question of ['', 'x', 'x'.repeat(1_001), 'a\u0000b']) {
      expect(await codeOf(ask(question))).toBe('invalid-request');
      expect(await codeOf(askAfter(question, 'Where do visitors park?'))).toBe('invalid-request');
    }
  });
});
