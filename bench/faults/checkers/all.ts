import type { History } from '../history.ts';
import { authorization, contiguous, convergence, readYourWrites } from './clients.ts';
import { doubled, logOrder, lost, phantoms, realTime } from './log.ts';
import { files, reactions, readMarks } from './hanging.ts';
import { doctor, exercised, resources } from './run.ts';
import { availability, latency, recovery } from './times.ts';
import type { Checker, Limits, Verdict } from './verdict.ts';

/** CK1 to CK15 and CK17 to CK19 (CK16 plants bugs) of shared/design/SECURITY.md, in their order. */
export const checkers: readonly Checker[] = [
  lost,
  doubled,
  logOrder,
  contiguous,
  convergence,
  phantoms,
  authorization,
  readYourWrites,
  realTime,
  recovery,
  availability,
  latency,
  resources,
  exercised,
  doctor,
  reactions,
  readMarks,
  files,
];

export const judgeAll = (history: History, limits: Limits): Verdict[] =>
  checkers.map((check) => {
    const verdict = check(history, limits);
    if (!limits.unjudged.includes(verdict.id)) return verdict;
    return { ...verdict, isOk: true, detail: `not judged: ${verdict.detail}` };
  });
