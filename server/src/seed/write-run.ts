import { v5 } from 'uuid';
import { ProblemError } from '../platform/core/problem.ts';
import type { App } from '../app.ts';
import type { Ledger } from './ledger.ts';
import type { Progress } from './progress.ts';

/** What of the app writing needs; every write goes through the services, like those of people. */
export type SeedApp = Pick<
  App,
  'auth' | 'spaces' | 'chat' | 'reactions' | 'pins' | 'files' | 'knowledge' | 'access' | 'unread'
>;

export interface Run {
  app: SeedApp;
  progress: Progress;
  signal: AbortSignal;
  /** The books of the source that is written. */
  ledger: Ledger;
  /** Path of a source whose spaces are to be new ones, beside those of earlier imports. */
  newSpacesFrom?: string;
}

/** Name space of all ids made here, so that the same source gives the same ids in every run. */
const NAMESPACE = '6f0c6d0e-6a37-5a55-9a0b-3f1f6c7a2d11';
export const idOf = (...key: string[]): string => v5(JSON.stringify(key), NAMESPACE);

/** Stops between two writes; what is written stays, and another run goes on from there. */
export class StoppedError extends Error {}

/** @throws StoppedError */
export function stopIfAsked({ signal }: Run): void {
  if (signal.aborted) throw new StoppedError();
}

/** False if the thing was deleted here since an earlier run, or its id is taken. */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

/** Whether a thing was deleted here since an earlier run, or its id is taken. */
export const isRefused = (error: unknown): boolean =>
  isProblem(error, 'gone') || isProblem(error, 'id-taken');

export const isProblem = (error: unknown, code: ProblemError['code']): boolean =>
  error instanceof ProblemError && error.code === code;
