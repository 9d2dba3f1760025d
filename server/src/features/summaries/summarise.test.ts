import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentencesOf } from '../../platform/text/sentences.ts';
import {
  sourcesOf,
  summarise as summariseWith,
  type SummaryInput,
  type SummaryTurn,
} from './summarise.ts';

const summarise = (target: SummaryInput) =>
  summariseWith(
    target,
    sourcesOf(target).map(({ text }) => sentencesOf(text)),
  );

const turn = (id: number, author: string, text: string, replyTo?: number): SummaryTurn => ({
  ref: { type: 'message', id: `m${id}`, spaceId: 's' },
  version: 2,
  author,
  text,
  ...(replyTo === undefined ? {} : { replyTo: `m${replyTo}` }),
});

const chat = (...lines: [author: string, text: string, replyTo?: number][]): SummaryInput => ({
  type: 'chat',
  title: '',
  turns: lines.map(([author, text, replyTo], i) => turn(i, author, text, replyTo)),
});

const entry = (title: string, text: string): SummaryInput => ({
  type: 'entry',
  title,
  source: { ref: { type: 'entry', id: 'e1', spaceId: 's' }, version: 7, author: 'Ana', text },
});

const said = (target: SummaryInput) => summarise(target).map(({ kind, text }) => [kind, text]);

describe('summarise a conversation', () => {
  it('keeps names, order and exact quotes; drops greetings, quoted lines, code, signatures', () => {
    const target = chat(
      [
        'Ana Roth',
        'Hi all,\n\nThe **staging database** ran out of disk space last night. We lost no data at all there.\n\n```\ndf -h of the whole machine and more\n```\n\nRegards,\nAna',
      ],
      [
        'Ben',
        '> The staging database ran out of disk space\n\nThe backup job kept every old dump since March.',
      ],
      ['Cy', 'ok'],
    );
    const points = summarise(target);
    expect(points.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'key',
        'Ana Roth: The staging database ran out of disk space last night. We lost no data at all there.',
      ],
      ['key', 'Ben: The backup job kept every old dump since March.'],
    ]);
    expect(points[0]?.citations[0]).toEqual({
      ref: { type: 'message', id: 'm0', spaceId: 's' },
      version: 2,
      start: 9,
      end: 67,
      quote: 'The **staging database** ran out of disk space last night.',
    });
  });

  it('prefers what was answered and decided to questions that strangers left, in a long chat', () => {
    const strangers = Array.from({ length: 60 }, (_, i): [string, string] => [
      `Guest ${i}`,
      `Does anybody here know how the printer number ${i} in the north hall is installed on Linux?`,
    ]);
    const settled: [string, string][] = [
      ['Ana', 'How do we restart the print server after the storm without losing the jobs?'],
      ['Ben', 'Stop the spooler first and copy its folder, then restart the print server.'],
      ['Ana', 'We decided to replace the print server before the winter storms begin.'],
    ];
    const points = summarise(chat(...strangers.slice(30), ...settled, ...strangers.slice(0, 30)));
    const shown = points.map(({ text }) => text).join('\n');
    expect(shown).toContain('Ben: Stop the spooler first');
    expect(shown).toContain('We decided to replace the print server');
    expect(shown).not.toContain('Guest');
    // Where nothing else was said, that is what there is to say.
    expect(summarise(chat(...strangers)).length).toBeGreaterThan(0);
  });

  it('suggests decisions and actions', () => {
    const points = said(
      chat(
        ['Ana', 'We decided to move the deploy to Thursday because of the audit.'],
        ['Ben', "I'll update the release calendar and tell support."],
        ['Cy', "I'll try to check it if I find time for that."],
        ['Ana', '@ben can you review the migration script today?'],
        ['Ben', 'Decision: no deploys on Fridays.'],
        ['Cy', 'TODO: write the post mortem'],
      ),
    );
    const of = (kind: string) => points.filter(([found]) => found === kind).map(([, text]) => text);
    expect(of('decision')).toEqual([
      'Ana: We decided to move the deploy to Thursday because of the audit.',
      'Ben: Decision: no deploys on Fridays.',
    ]);
    expect(of('action')).toEqual([
      "Ben: I'll update the release calendar and tell support.",
      'Ana: @ben can you review the migration script today?',
      'Cy: TODO: write the post mortem',
    ]);
  });

  it('finds questions nobody answered', () => {
    const questions = (target: SummaryInput) =>
      said(target).flatMap(([kind, text]) => (kind === 'question' ? [text] : []));
    const open = ['Ana: Does anyone know the licence of this font?'];
    const ask: [string, string] = ['Ana', 'Does anyone know the licence of this font?'];
    expect(questions(chat(ask))).toEqual(open);
    expect(questions(chat(ask, ['Ben', 'It is the SIL Open Font License.']))).toEqual([]);
    expect(questions(chat(ask, ['Ben', 'Cy: the build is green again.'], ['Cy', 'Nice!']))).toEqual(
      open,
    );
    expect(
      questions(chat(ask, ['Ben', 'Cy: the build is green.'], ['Cy', 'Ana: it is SIL Open Font.'])),
    ).toEqual([]);
    expect(questions(chat(ask, ['Ben', 'Morning everybody'], ['Cy', 'Yes', 1]))).toEqual(open);
    expect(questions(chat(ask, ['Ben', 'Morning everybody'], ['Cy', 'It is SIL', 0]))).toEqual([]);
  });

  it('says the same only once', () => {
    const line = 'The new invoice service is deployed to all production regions.';
    expect(said(chat(['Ana', line], ['Ben', line], ['Cy', `${line} Great!`]))).toEqual([
      ['key', `Ana: ${line}`],
    ]);
  });

  it('still says something about a chat of short lines, and nothing about an empty one', () => {
    expect(said(chat(['Ana', 'rollback done'], ['Ben', 'ok']))).toEqual([
      ['key', 'Ana: rollback done'],
      ['key', 'Ben: ok'],
    ]);
    expect(said(chat(['Ana', '```\ncode\n```'], ['Ben', ' ']))).toEqual([]);
    expect(said(chat())).toEqual([]);
  });

  it('keeps hundreds of messages readable and is quick', () => {
    const word = (n: number) =>
      `w${(n * 7919) % 997}`.replace(/\d/g, (d) => 'abcdefghij'[+d] ?? '');
    const lines = Array.from({ length: 800 }, (_, i): [string, string] => [
      `P${i % 7}`,
      `The ${word(i)} of ${word(i * 3)} needs ${word(i + 5)} and ${word(i * i)} now.`,
    ]);
    const start = performance.now();
    const points = summarise(chat(...lines)).filter(({ kind }) => kind === 'key');
    expect(performance.now() - start).toBeLessThan(2000);
    expect(points.length).toBeGreaterThan(4);
    expect(points.length).toBeLessThanOrEqual(12);
  });
});

describe('summarise an entry', () => {
  it("quotes the document's own summary", () => {
    const body =
      '# Cache\n\n## Summary\n\nWe put Redis in front of the search service for speed.\n\n';
    const more =
      '## Details\n\nThe cache of the search service holds results for ten minutes each.';
    expect(said(entry('Cache', body + more))).toEqual([
      ['key', 'We put Redis in front of the search service for speed.'],
    ]);
  });

  it('shows decisions, open tasks and listed questions', () => {
    const markdown = [
      '## Outcome\n\nChosen option: Postgres, because the team knows it well.',
      '## Tasks\n\n- [ ] Write the migration guide for operators\n- [x] Set up the staging database',
      '## Open questions\n\n- How long do we keep the audit log?',
    ].join('\n\n');
    const points = said(entry('Database', markdown));
    expect(points).toContainEqual([
      'decision',
      'Chosen option: Postgres, because the team knows it well.',
    ]);
    expect(points).toContainEqual(['action', 'Write the migration guide for operators']);
    expect(points).toContainEqual(['question', 'How long do we keep the audit log?']);
    expect(points.filter(([kind]) => kind === 'action')).toHaveLength(1);
  });
});

describe('every point', () => {
  const line = fc.oneof(
    fc.lorem({ maxCount: 20 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      'We decided to **go** with [it](x)?',
      '- [ ] fix the thing now please',
      '> q\n\nI will send it',
    ),
  );
  it('quotes exactly, in order', () => {
    const turns = fc.array(fc.tuple(fc.constantFrom('Ana', 'Ben', ''), fc.array(line)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(turns, fc.boolean(), (list, isEntry) => {
        const target: SummaryInput = isEntry
          ? entry('T', list.map(([, lines]) => lines.join('\n\n')).join('\n\n'))
          : chat(...list.map(([author, lines]): [string, string] => [author, lines.join('\n')]));
        const sources = target.type === 'entry' ? [target.source] : target.turns;
        let last = -1;
        for (const { citations, text } of summarise(target)) {
          expect(citations.length).toBeGreaterThan(0);
          for (const { ref, start, end, quote } of citations) {
            const at = sources.findIndex((source) => source.ref.id === ref.id);
            expect(sources[at]?.text.slice(start, end)).toBe(quote);
            expect(at * 1e6 + start).toBeGreaterThan(last);
            last = at * 1e6 + start;
          }
          expect(text.trim()).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is found in bounded time in hostile text', { timeout: 120_000 }, () => {
    const pieces = [
      'please ',
      'I will a ',
      '@a ',
      'by ',
      'will ',
      'this a ',
      'on a ',
      'from: ',
      '. ',
      '? ',
      '- [ ] a\n',
      'Aa, ',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(50_000 / piece.length);
      const start = process.cpuUsage().user;
      summarise(chat(['Ana', text]));
      // Microseconds of this process: the wall clock depends on what else runs.
      expect(process.cpuUsage().user - start, piece).toBeLessThan(6e6);
    }
  });
});
