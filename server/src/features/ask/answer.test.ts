import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Retrieved, RetrievedPassage } from '../../platform/core/knowledge.ts';
import { contentStems } from '../../platform/text/words.ts';
import { composeAnswer } from './answer.ts';

interface Options {
  title?: string;
  score?: number;
  cosine?: number;
  kind?: RetrievedPassage['kind'];
}

/** A passage whose sentences lie one after the other in one source. */
function passage(id: string, texts: string[], options: Options = {}): RetrievedPassage {
  const { title = '', score = 0.9, cosine = 0.5, kind = 'document' } = options;
  let at = 0;
  const sentences = texts.map((text) => {
    const start = at;
    at += text.length + 1;
    return {
      ref: { type: 'entry' as const, id, spaceId: 's' },
      version: 3,
      start,
      end: start + text.length,
      text,
      quote: text,
      author: 'Ana',
      terms: [...new Set(contentStems(text))],
      cosine,
    };
  });
  const terms = [...new Set(contentStems(`${title} ${texts.join(' ')}`))];
  return { id, spaceId: 's', sourceId: id, kind, title, heading: '', score, terms, sentences };
}

const retrieved = (question: string, ...passages: RetrievedPassage[]): Retrieved => ({
  terms: [...new Set(contentStems(question))].map((term) => ({ term, idf: 2 })),
  passages,
});

const ask = (question: string, ...passages: RetrievedPassage[]) =>
  composeAnswer(question, retrieved(question, ...passages));

describe('composeAnswer', () => {
  it('quotes the sentence that answers, with its exact range', () => {
    const answer = ask(
      'When is the release freeze?',
      passage(
        'e1',
        ['Releases matter to us.', 'The release freeze starts on 3 May.', 'Cats sleep.'],
        {
          title: 'Releases',
        },
      ),
    );
    expect(answer.status).toBe('answered');
    const said = answer.sentences.find(({ text }) => text.includes('3 May'));
    expect(answer.citations[said?.citations[0] ?? -1]).toEqual({
      ref: { type: 'entry', id: 'e1', spaceId: 's' },
      version: 3,
      start: 23,
      end: 58,
      quote: 'The release freeze starts on 3 May.',
      title: 'Releases',
      kind: 'document',
    });
  });

  it('claims, offers or refuses by the passage score', () => {
    const status = (score: number, cosine = 0.5) =>
      ask(
        'release freeze date',
        passage('e1', ['The release freeze date is 3 May.'], { score, cosine }),
      ).status;
    expect([0.7, 0.45, 0.25].map((score) => status(score))).toEqual([
      'answered',
      'maybe',
      'unknown',
    ]);
    expect([0.5, 0.2, 0.1].map((score) => status(score, 0))).toEqual([
      'answered',
      'maybe',
      'unknown',
    ]);
  });

  it('does not claim on a title alone', () => {
    const wiki = passage('e1', ['Cats sleep all day.'], { title: 'Release freeze', cosine: 0.1 });
    expect(ask('release freeze', wiki).status).toBe('maybe');
  });

  it('does not claim without the words the question is most about', () => {
    const mac = passage('e1', ['Reset your password in the settings.', 'Then log in.']);
    const question = 'How do I reset the password of Zoom?';
    expect(ask(question, mac)).toMatchObject({ status: 'answered' });
    const weighed = retrieved(question, mac);
    const terms = weighed.terms.map(({ term }) => ({ term, idf: term === 'zoom' ? 6 : 3 }));
    expect(composeAnswer(question, { ...weighed, terms })).toMatchObject({ status: 'maybe' });
  });

  it('counts no measure among the words a question is most about', () => {
    const question = 'How many litres of oil does the lamp burn every night?';
    const lamp = passage('e1', ['The lamp burns nine litres of oil every night.']);
    const { terms } = retrieved(question, lamp);
    const unseen = terms.map(({ term }) => ({ term, idf: term === 'mani' ? 9 : 1.4 }));
    expect(composeAnswer(question, { terms: unseen, passages: [lamp] }).status).toBe('answered');
  });

  it('wants the words of a short question side by side', () => {
    const apart = ['Each core member is cleared for three hours.'];
    const together = ['Core hours are ten to three.'];
    expect(ask('What are core hours?', passage('e1', apart)).status).toBe('maybe');
    expect(ask('What are core hours?', passage('e1', together)).status).toBe('answered');
  });

  it('takes the first sentences under a heading that is the question', () => {
    const { sentences, ...rest } = passage('e1', ['It tracks hours.', 'Tock counts Tock hours.']);
    const other = passage('e2', ['People like Tock a lot.']);
    const headed = { ...rest, heading: 'Tools › What is Tock?', sentences };
    expect(ask('What is Tock?', other, headed).sentences[0]?.text).toBe('It tracks hours.');
  });

  it('prefers instructions and documents to troubles told in chat', () => {
    const line = 'i need to mount the backup disk';
    const chat = passage('m1', [line, 'Mount the backup disk with mount.sh.'], { kind: 'message' });
    const answer = ask('How do I mount the backup disk?', chat);
    expect(answer.sentences[0]?.text).toBe('Mount the backup disk with mount.sh.');
    const alone = passage('m2', [line], { kind: 'message' });
    expect(ask('How do I mount the backup disk?', alone).status).toBe('maybe');
  });

  it('never answers with a question, but uses it to find the reply below', () => {
    const chat = passage(
      'm1',
      ['Where is the staging database password?', 'In Vault under team/staging.', 'Lunch at noon.'],
      { kind: 'message', cosine: 0.3 },
    );
    const answer = ask('where is the staging database password', chat);
    expect(answer.sentences[0]?.text).toBe('In Vault under team/staging.');
    const asked = passage('m2', ['anyone know the staging password', 'who has it?']);
    expect(ask('staging password', asked)).toMatchObject({ status: 'unknown', sentences: [] });
  });

  it('keeps quotes of one source in reading order and drops repetitions', () => {
    const texts = [
      'Deploy with the ship tool.',
      'First deploy to staging by ship.',
      'Deploy with ship tool.',
    ];
    const answer = ask('how do I deploy', passage('e1', texts));
    const starts = answer.citations.map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(answer.sentences.map(({ text }) => text)).not.toContain('Deploy with ship tool.');
  });

  it('names the nearest passages when it refuses, each with its nearest sentence', () => {
    const near = passage('e1', ['Cats sleep.', 'The freeze is long.'], { score: 0.4, cosine: 0 });
    const alike = passage('e2', ['We stop for a while.'], { score: 0.35, cosine: 0.6 });
    const far = passage('e3', ['Dogs bark.'], { score: 0.3, cosine: 0.2 });
    const answer = ask('release freeze', near, alike, far);
    expect(answer).toEqual({
      status: 'unknown',
      sentences: [],
      citations: [],
      nearest: [
        { passage: near, sentence: near.sentences[1] },
        { passage: alike, sentence: alike.sentences[0] },
      ],
    });
    expect(ask('release freeze').nearest).toEqual([]);
    expect(ask('the of and', passage('e1', ['The of.'])).status).toBe('unknown');
  });

  it('only ever says what is quoted', () => {
    const text = fc.array(fc.lorem({ maxCount: 8 }), { minLength: 0, maxLength: 6 });
    const one = fc.tuple(text, fc.double({ min: 0, max: 1.5, noNaN: true }));
    fc.assert(
      fc.property(fc.lorem(), fc.array(one, { maxLength: 8 }), (question, list) => {
        const passages = list.map(([texts, score], i) => passage(`e${i}`, texts, { score }));
        const quotes = passages.flatMap(({ sentences }) => sentences.map(({ quote }) => quote));
        const answer = ask(question, ...passages);
        expect(answer.sentences.length).toBeLessThanOrEqual(3);
        expect(answer.status === 'unknown').toBe(answer.sentences.length === 0);
        for (const { text: said, citations } of answer.sentences) {
          expect(citations.map((i) => answer.citations[i]?.quote)).toEqual([said]);
          expect(quotes).toContain(said);
        }
      }),
    );
  });
});
