import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Retrieved, RetrievedPassage } from '../../platform/core/knowledge.ts';
import { contentStems } from '../../platform/text/words.ts';
import { composeAnswer, type Choice } from './answer.ts';

interface Options {
  title?: string;
  heading?: string;
  score?: number;
  cosine?: number;
  kind?: RetrievedPassage['kind'];
}

/** A passage whose sentences lie one after the other in one source. */
function passage(id: string, texts: string[], options: Options = {}): RetrievedPassage {
  const { title = '', heading = '', score = 0.9, cosine = 0.5, kind = 'document' } = options;
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
      terms: contentStems(text),
      cosine,
    };
  });
  const names = [title, ...heading.split(' › ')].map(contentStems);
  const terms = [...new Set([...names.flat(), ...contentStems(texts.join(' '))])];
  const place = { id, spaceId: 's', sourceId: id, kind, title, heading };
  return { ...place, score, names, terms, sentences };
}

const retrieved = (question: string, ...passages: RetrievedPassage[]): Retrieved => ({
  terms: [...new Set(contentStems(question))].map((term) => ({ term, idf: 2 })),
  words: question.split(' ').map((word) => contentStems(word)[0] ?? ''),
  passages,
});

const textsOf = ({ quotes }: Choice) => quotes.map(({ sentence }) => sentence.text);

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
    expect(textsOf(answer)[0]).toBe('The release freeze starts on 3 May.');
    expect(answer.page).toBeNull();
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
    expect([0.5, 0.2, 0.05].map((score) => status(score, 0))).toEqual([
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
    const asked = { ...retrieved(question, lamp), terms: unseen };
    expect(composeAnswer(question, asked).status).toBe('answered');
  });

  it('wants the words of a short question side by side', () => {
    const apart = ['Each core member is cleared for three hours.'];
    const together = ['Core hours are ten to three.'];
    expect(ask('What are core hours?', passage('e1', apart)).status).toBe('maybe');
    expect(ask('What are core hours?', passage('e1', together)).status).toBe('answered');
  });

  it('takes the first sentences under a heading that is the question', () => {
    const texts = ['It tracks hours.', 'Tock counts Tock hours.'];
    const headed = passage('e1', texts, { heading: 'Tools › What is Tock?' });
    const other = passage('e2', ['People like Tock a lot.']);
    const answer = ask('What is Tock?', other, headed);
    expect(textsOf(answer)[0]).toBe('It tracks hours.');
    expect(answer.page).toBe(headed);
  });

  it('claims an answer whose title is the question, even if the answer repeats none of its words', () => {
    const status = (question: string, options: Options, text = 'Ana and Ben hold the key.') =>
      ask(question, passage('e1', [text], { score: 0.6, cosine: 0.1, ...options })).status;
    const faq = { kind: 'faq' as const, title: 'Who can sign a firmware release?' };
    const asked = 'Who can sign a firmware release?';
    expect(status(asked, faq)).toBe('answered');
    expect(status('who signs the firmware releases', faq)).toBe('answered');
    expect(
      status(asked, { title: 'Firmware', heading: 'Rights › Who signs firmware releases?' }),
    ).toBe('answered');
    expect(
      status(
        'How long is the release freeze?',
        { title: 'How long is the release freeze?' },
        'Nine days.',
      ),
    ).toBe('answered');
    // Half of the question, the question and more, a topic, a deeper heading, another's words.
    expect(status('Who can sign a firmware update?', faq)).toBe('maybe');
    expect(status('Who can sign?', faq)).toBe('maybe');
    expect(status('Who can sign a firmware release in Japan?', faq)).toBe('maybe');
    expect(status(asked, { title: 'Firmware release signing' })).toBe('maybe');
    expect(status(asked, { title: asked, heading: 'History' })).toBe('maybe');
    expect(status(asked, { ...faq, kind: 'message' })).toBe('maybe');
    const isReply = (question: string) =>
      ask(
        question,
        passage('e1', ['The blue one.'], { kind: 'faq', title: 'Which safe has the key?' }),
      ).isReply;
    expect([isReply('which safe has keys?'), isReply('When has the safe a key?')]).toEqual([
      true,
      false,
    ]);
    for (const text of ['I do not know yet.', 'To be written', 'TBD', 'Still to be decided.']) {
      expect(status(asked, faq, text)).toBe('maybe');
    }
  });

  it('begins with the page that is titled like the question', () => {
    const titled = passage(
      'e1',
      ['Use the travel tool for flights.', 'Ask your supervisor first.'],
      {
        title: 'Booking travel',
        cosine: 0.4,
      },
    );
    const exception = passage('e2', ['If you cannot book travel online, call the agent.'], {
      title: 'Exceptions',
      cosine: 0.7,
    });
    const answer = ask('How do I book travel?', exception, titled);
    expect([answer.page, answer.quotes[0]?.passage]).toEqual([titled, titled]);
  });

  it('prefers instructions and documents to troubles told in chat', () => {
    const line = 'i need to mount the backup disk';
    const chat = passage('m1', [line, 'Mount the backup disk with mount.sh.'], { kind: 'message' });
    const answer = ask('How do I mount the backup disk?', chat);
    expect(textsOf(answer)[0]).toBe('Mount the backup disk with mount.sh.');
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
    expect(textsOf(answer)[0]).toBe('In Vault under team/staging.');
    const asked = passage('m2', ['anyone know the staging password', 'who has it?']);
    expect(ask('staging password', asked)).toMatchObject({ status: 'unknown', quotes: [] });
  });

  it('puts the best quote first wherever it is in the text, and drops repetitions', () => {
    const texts = [
      'First deploy to staging.',
      'How do I deploy: deploy with the ship tool.',
      'How I do deploy: deploy with ship tool.',
    ];
    const said = textsOf(ask('How do I deploy with the ship tool?', passage('e1', texts)));
    expect(said[0]).toBe(texts[1]);
    expect(said).not.toContain(texts[2]);
  });

  it('shows at most two sources', () => {
    const tools = ['ship', 'tug', 'raft', 'boat'].map((tool, i) =>
      passage(`e${i}`, [`Deploy by ${tool} on Monday ${tool} ${tool}.`]),
    );
    const { quotes } = ask('deploy on Monday', ...tools);
    expect(new Set(quotes.map(({ passage: { id } }) => id)).size).toBe(2);
  });

  it('shows no example as a rule, unless asked for one', () => {
    const rule = 'Annual leave is counted in hours of leave.';
    const example = 'For example: you look up your annual leave.';
    const more = 'You have 182 hours of annual leave available.';
    const leave = passage('e1', [rule, example, more]);
    expect(textsOf(ask('How many hours of annual leave?', leave))).toEqual([rule]);
    expect(textsOf(ask('An example of annual leave hours', leave))).toContain(more);
    const listed = passage('e2', [more], { heading: 'Leave › Examples' });
    expect(ask('How many hours of annual leave?', listed).quotes).toEqual([]);
  });

  it('shows no pointer to another page, unless asked where', () => {
    const see = 'See the page about parental leave.';
    expect(textsOf(ask('parental leave', passage('e1', [see])))).toEqual([]);
    expect(textsOf(ask('Where is the page about parental leave?', passage('e1', [see])))).toEqual([
      see,
    ]);
  });

  it('names the nearest passages when it refuses, each with its nearest sentence', () => {
    const near = passage('e1', ['Cats sleep.', 'The freeze is long.'], { score: 0.4, cosine: 0 });
    const alike = passage('e2', ['We stop for a while.'], { score: 0.35, cosine: 0.6 });
    const far = passage('e3', ['Dogs bark.'], { score: 0.3, cosine: 0.2 });
    const answer = ask('release freeze', near, alike, far);
    expect(answer).toEqual({
      status: 'unknown',
      quotes: [],
      isReply: false,
      page: null,
      nearest: [
        { passage: near, sentence: near.sentences[1] },
        { passage: alike, sentence: alike.sentences[0] },
      ],
    });
    expect(ask('release freeze').nearest).toEqual([]);
    expect(ask('the of and', passage('e1', ['The of.'])).status).toBe('unknown');
  });

  it('only ever quotes what was retrieved', () => {
    const text = fc.array(fc.lorem({ maxCount: 8 }), { minLength: 0, maxLength: 6 });
    const one = fc.tuple(text, fc.double({ min: 0, max: 1.5, noNaN: true }));
    fc.assert(
      fc.property(fc.lorem(), fc.array(one, { maxLength: 8 }), (question, list) => {
        const passages = list.map(([texts, score], i) => passage(`e${i}`, texts, { score }));
        const answer = ask(question, ...passages);
        expect(answer.quotes.length).toBeLessThanOrEqual(3);
        expect(answer.status === 'unknown').toBe(answer.quotes.length === 0);
        for (const quote of answer.quotes) {
          expect(passages).toContain(quote.passage);
          expect(quote.passage.sentences).toContain(quote.sentence);
        }
      }),
    );
  });
});
