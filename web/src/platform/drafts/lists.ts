import { listDrafts } from '@teambrain/contract/drafts.ts';
import { listScheduled } from '@teambrain/contract/scheduled.ts';
import type { Call } from '@teambrain/client/call.ts';

interface Options {
  signal: AbortSignal;
}

/** Loaded when they are first asked for. */
export const askDrafts = async (call: Call, options: Options) =>
  (await call(listDrafts, {}, options)).items;
export const askScheduled = async (call: Call, options: Options) =>
  (await call(listScheduled, {}, options)).items;
