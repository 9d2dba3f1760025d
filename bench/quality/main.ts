/**
 * `npm run bench:quality [-- part …]`: what search, Ask and summaries are worth without a language
 * model, on the development sets in ../shared/data (or DATA), as a table in Markdown. Parts:
 * retrieval, matching, follow-ups, answers, languages, summaries, questions; all of them without.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createShippedEncoder } from '../../server/src/platform/ports/ai/encoder.shipped.ts';
import type { Encoder } from '../../server/src/platform/ports/ai/encoder.ts';
import { measureAnswers } from './answers.ts';
import { measureLanguages } from './languages.ts';
import { askQuestions, reportQuestions, writeTranscript } from './questions.ts';
import { measureFollowUps, measureMatching, measureRetrieval } from './retrieval.ts';
import { tableOf, type Row } from './rows.ts';
import { measureSummaries } from './summaries.ts';

type Part = (encoder: Encoder, data: string) => Promise<Row[]> | Row[];

const PARTS: Record<string, Part> = {
  retrieval: measureRetrieval,
  matching: measureMatching,
  'follow-ups': measureFollowUps,
  answers: measureAnswers,
  languages: measureLanguages,
  summaries: (_encoder, data) => measureSummaries(data),
};
const QUESTIONS = 'questions';

const data = resolve(process.env['DATA'] ?? '../shared/data');
if (!existsSync(data)) {
  console.log(`No development sets at ${data}: nothing is measured. DATA names another folder.`);
  process.exit(0);
}
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS) && name !== QUESTIONS);
if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(', ')}`);
const isAsked = (name: string) => asked.length === 0 || asked.includes(name);

const models = mkdtempSync(join(tmpdir(), 'teambrain-bench-'));
const encoder = await createShippedEncoder({ cacheDir: models });
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (!isAsked(name)) continue;
    const began = performance.now();
    rows.push(...(await measure(encoder, data)));
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
} finally {
  await encoder.close();
  rmSync(models, { recursive: true });
}
if (rows.length > 0) console.log(tableOf(rows));
if (isAsked(QUESTIONS)) {
  const answers = await askQuestions(data);
  console.log(`\n${reportQuestions(answers).join('\n')}`);
  const transcript = process.env['TRANSCRIPT'];
  if (transcript) writeTranscript(answers, transcript);
}
