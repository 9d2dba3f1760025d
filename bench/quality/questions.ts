/**
 * The 60 questions of questions/questions.json, asked of a whole application that imported both
 * corpora. questions/verdicts.json holds what a person thought of each answer, with the words that
 * were shown first: where these changed, the verdict is void and the question counts as unread.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '@teambrain/contract/ask.ts';
import { createApp, type App } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';
import { createScanner } from '../../server/src/seed/markdown/scanner.ts';
import { recognise } from '../../server/src/seed/recognise.ts';
import { writeSeed } from '../../server/src/seed/write-seed.ts';

interface Question {
  id: string;
  question: string;
  /** What a right answer has to contain; empty: the corpus does not answer it. */
  must: string[];
}

/**
 * `right`: what is shown answers. `helps`: the answer is in what is shown, but not plainly.
 * `wrong`: it is not. Of a question without an answer every quote is `wrong`.
 */
type Verdict = 'right' | 'helps' | 'wrong';

interface Read {
  status: Answer['status'];
  /** The first words shown. */
  shown: string;
  verdict: Verdict;
  note?: string;
}

interface Asked extends Question {
  answer: Answer;
  read: Read | undefined;
}

const CORPORA = { handbook: 'markdown/tts-handbook', keps: 'markdown/keps' } as const;
const FIXTURES = new URL('./questions/', import.meta.url);
const readFixture = <T>(name: string) =>
  JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as T;

export const firstWords = ({ sentences }: Answer) => sentences[0]?.text.slice(0, 120) ?? '';

/** Asks all questions; `folder`: a data folder to go on with, else one that is removed. */
export async function askQuestions(data: string, folder?: string): Promise<Asked[]> {
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'teambrain-questions-'));
  const app = await createApp(readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'warn', PORT: '0' }));
  try {
    const asked: Asked[] = [];
    const questions = readFixture<Record<keyof typeof CORPORA, Question[]>>('questions.json');
    const verdicts = readFixture<Record<string, Read>>('verdicts.json');
    for (const [name, path] of Object.entries(CORPORA)) {
      const spaceId = await load(app, join(data, path));
      const actor = await app.auth.createImported('Bench', spaceId);
      for (const question of questions[name as keyof typeof CORPORA]) {
        const answer = await app.ask.ask(actor, { question: question.question, spaces: [spaceId] });
        asked.push({ ...question, answer, read: verdicts[question.id] });
      }
    }
    return asked;
  } finally {
    await app.close();
    if (!folder) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function load(app: App, folder: string): Promise<string> {
  const scanner = createScanner();
  const [plan] = await recognise(folder, process.cwd(), scanner.scan);
  await scanner.close();
  const seed = plan?.seeds[0];
  if (!plan || !seed) throw new Error(`${folder} holds no pages`);
  const progress = { step: () => undefined, line: () => undefined, say: () => undefined };
  const { signal } = new AbortController();
  const { spaceId } = await writeSeed({ app, progress, signal, ledger: plan.ledger }, seed);
  await app.followers.idle();
  return spaceId;
}

/** Everything that is shown, in one line. */
export const allShown = ({ found }: Answer) =>
  found
    .flatMap(({ excerpts }) => excerpts.flatMap(({ lines }) => lines.map(({ text }) => text)))
    .join(' ');

const folded = (text: string) => text.toLowerCase().replace(/[\s*_`]+/g, ' ');
const holds = (text: string, must: string[]) =>
  must.every((words) => folded(text).includes(folded(words)));

/** The three figures, by what a person thought where that is known. */
export function reportQuestions(asked: Asked[]): string[] {
  const isCurrent = ({ answer, read }: Asked) =>
    read?.status === answer.status && read.shown === firstWords(answer);
  const unread = asked.filter((item) => item.answer.status !== 'unknown' && !isCurrent(item));
  const isRight = (item: Asked) =>
    isCurrent(item)
      ? item.read?.verdict === 'right'
      : item.must.length > 0 && holds(allShown(item.answer), item.must);
  const share = (part: Asked[], whole: Asked[]) =>
    `${part.length} of ${whole.length} (${Math.round((100 * part.length) / Math.max(1, whole.length))} %)`;
  const found = asked.filter(({ answer }) => answer.status === 'answered');
  const known = asked.filter(({ must }) => must.length > 0);
  const unknown = asked.filter(({ must }) => must.length === 0);
  const reached = known.filter(
    (item) =>
      (item.answer.status === 'answered' && isRight(item)) ||
      (item.answer.status === 'maybe' &&
        (isRight(item) || holds(allShown(item.answer), item.must))),
  );
  return [
    `labelled found and right: ${share(found.filter(isRight), found)}, target 85 %`,
    `answerable: found, or offered with the right words: ${share(reached, known)}, target 60 %`,
    `unanswerable, labelled found: ${share(
      found.filter((item) => unknown.includes(item)),
      unknown,
    )}, at most 15 %`,
    ...(unread.length > 0
      ? [`not read by a person since they changed: ${unread.map(({ id }) => id).join(' ')}`]
      : []),
  ];
}

/** What is shown for each question, for a person to read. */
export function writeTranscript(asked: Asked[], file: string): void {
  const text = asked.map(({ id, question, must, answer }) => {
    const places = answer.found.flatMap(({ source, excerpts }) =>
      excerpts.map(({ heading, lines }) => {
        const shown = lines.map(
          ({ role, number, text: words }) => `    ${role[0]}${number ?? ''} ${words}`,
        );
        return [`  [${source.title} › ${heading}]`, ...shown].join('\n');
      }),
    );
    const page = answer.page ? ` PAGE ${answer.page.title}` : '';
    const near = answer.nearest.map(({ source }) => source.title).join('; ');
    return `${id} ${question}\n  ${answer.status}${page} must=${JSON.stringify(must)}\n  first: ${firstWords(answer)}\n${places.join('\n')}${near && `  near: ${near}`}\n`;
  });
  writeFileSync(file, text.join('\n'));
}
