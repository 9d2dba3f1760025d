import type { Care } from '../text/care.ts';

/** To the process: one job at a time. */
export interface ReaderRequest {
  job: string;
  input: unknown;
  /** How to read those of its texts that are not read as Markdown, by number. */
  care: ReadonlyMap<number, Care>;
  /** Announce every text; else short ones together. */
  isEach: boolean;
}

/** To the process that keeps the reader with this number: a request for it, or to replace it. */
export interface KeeperOrder {
  to: number;
  request?: ReaderRequest;
}

/** From the keeper: what the reader with this number says, or how it ended by itself. */
export interface KeeperReport {
  pid: number;
  reply: ReaderReply | { did: 'end'; how: string };
}

/** From the process. `cpu`: microseconds it has computed so far. */
export type ReaderReply =
  | { did: 'start'; cpu: number }
  | { did: 'begin'; at: Place; cpu: number }
  | { did: 'finish'; output: unknown; cpu: number }
  | { did: 'fail'; fault: string; cpu: number };

/** What it is at: a text by number, short texts from there on, or what is neither (null). */
export type Place = { text: number; isAlone: boolean } | null;
