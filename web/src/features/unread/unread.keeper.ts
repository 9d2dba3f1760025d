import { ProblemError } from '@teambrain/client/errors.ts';
import type { Call } from '@teambrain/client/call.ts';
import { PAGE_LIMIT } from '@teambrain/contract/page.ts';
import * as contract from '@teambrain/contract/unread.ts';
import type { ReadMark } from '@teambrain/contract/unread.ts';
import { keep, readKept } from '../../platform/kept.ts';
import * as unread from '../../platform/unread.ts';

/** Milliseconds between two writes of how far one has read; the first is written at once. */
const WRITE_EVERY = 700;
/** Milliseconds in which questions are gathered. */
const ASK_AFTER = 120;
/** Milliseconds until what failed is tried again. */
const AGAIN = 5_000;
/** Milliseconds between two looks while there is no socket that tells of what other windows read. */
const POLL_EVERY = 5_000;

export type UnreadKeeper = ReturnType<typeof startUnread>;

/** Keeps the read marks of this window and those of the server together. */
export function startUnread(call: Call, userId: string) {
  const pending = new Set<string>();
  const asked = new Set<string>();
  let writeTimer: ReturnType<typeof setTimeout> | undefined;
  let askTimer: ReturnType<typeof setTimeout> | undefined;
  let lastWrite = 0;
  let isClosed = false;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;
  let refreshing: Promise<void> | null = null;

  function moved(spaceId: string): void {
    pending.add(spaceId);
    writeTimer ??= setTimeout(write, Math.max(0, lastWrite + WRITE_EVERY - Date.now()));
  }

  function write(): void {
    clearTimeout(writeTimer);
    writeTimer = undefined;
    lastWrite = Date.now();
    for (const spaceId of pending) void writeOne(spaceId);
    pending.clear();
  }

  async function writeOne(spaceId: string): Promise<void> {
    const mark = unread.markOf(spaceId);
    if (!mark) return;
    const { seq, version } = mark;
    try {
      take([await call(contract.putReadMark, { params: { spaceId }, body: { seq, version } })]);
    } catch (error) {
      // Who may not keep a mark there any more has none to keep.
      if (isRefused(error)) return unread.dropUnread(spaceId);
      pending.add(spaceId);
      if (!isClosed) writeTimer ??= setTimeout(write, AGAIN);
    }
  }

  function take(marks: readonly ReadMark[]): void {
    if (!isClosed) unread.takeMarks(marks);
  }

  function ask(spaceId: string): void {
    asked.add(spaceId);
    askTimer ??= setTimeout(() => void askNow(), ASK_AFTER);
  }

  async function askNow(): Promise<void> {
    const ids = [...asked].slice(0, contract.UNREAD_SPACES);
    for (const id of ids) asked.delete(id);
    askTimer = asked.size > 0 ? setTimeout(() => void askNow(), ASK_AFTER) : undefined;
    try {
      const { items } = await call(contract.listUnread, { query: { spaces: ids.join(',') } });
      take(items);
      const told = new Set(items.map(({ spaceId }) => spaceId));
      if (!isClosed) for (const id of ids) if (!told.has(id)) unread.dropUnread(id);
    } catch {
      for (const id of ids) asked.add(id);
      if (!isClosed) askTimer ??= setTimeout(() => void askNow(), AGAIN);
    }
  }

  /** Reads all marks anew; one reading at a time. */
  function refresh(): Promise<void> {
    refreshing ??= readAll()
      .then((marks) => isClosed || unread.takeAllMarks(marks))
      .catch(() => {
        unread.giveUpKnowing();
        clearTimeout(refreshTimer);
        if (!isClosed) refreshTimer = setTimeout(() => void refresh(), AGAIN);
      })
      .then(() => void (refreshing = null));
    return refreshing;
  }

  async function readAll(): Promise<ReadMark[]> {
    await importKept();
    const all: ReadMark[] = [];
    let after: string | null = '';
    while (after !== null) {
      const query: { limit: number; after?: string } = {
        limit: PAGE_LIMIT,
        ...(after && { after }),
      };
      const page: { items: ReadMark[]; next: string | null } = await call(contract.listUnread, {
        query,
      });
      all.push(...page.items);
      after = page.next;
    }
    return all;
  }

  /** Marks that this browser kept before the server did; taken over once, where none is kept yet. */
  async function importKept(): Promise<void> {
    const name = `seen-${userId}`;
    const kept = readKept(name);
    if (!kept || typeof kept !== 'object') return;
    const marks = Object.entries(kept).flatMap(([spaceId, seq]) =>
      Number.isInteger(seq) && seq >= 0 ? [{ spaceId, seq: seq as number }] : [],
    );
    for (let from = 0; from < marks.length; from += PAGE_LIMIT) {
      const body = { marks: marks.slice(from, from + PAGE_LIMIT), isFirst: true };
      await call(contract.putReadMarks, { body }).catch((error: unknown) => {
        // What cannot be taken over now or ever is not worth another try at each start.
        if (!(error instanceof ProblemError) || error.status >= 429) throw error;
      });
    }
    keep(name, undefined);
  }

  async function markUnread(spaceId: string, seq: number): Promise<void> {
    pending.delete(spaceId);
    const body = { seq, isUnread: true };
    take([await call(contract.putReadMark, { params: { spaceId }, body })]);
  }

  async function markAllRead(marks: readonly { spaceId: string; seq: number }[]): Promise<void> {
    for (let from = 0; from < marks.length; from += PAGE_LIMIT) {
      const body = { marks: marks.slice(from, from + PAGE_LIMIT) };
      take((await call(contract.putReadMarks, { body })).items);
    }
  }

  const onHidden = () => {
    if (document.visibilityState === 'hidden' && pending.size > 0) write();
  };
  document.addEventListener('visibilitychange', onHidden);
  const end = unread.openUnread({ moved, ask, markUnread, markAllRead });
  let poll: ReturnType<typeof setInterval> | undefined;
  void refresh();

  return {
    ask,
    take,
    /** Whether a socket tells of what other windows read; after a gap everything is asked anew. */
    setLive(isLive: boolean): void {
      clearInterval(poll);
      if (isLive) void refresh();
      else poll = setInterval(() => void refresh(), POLL_EVERY);
    },
    close(): void {
      write();
      isClosed = true;
      clearTimeout(askTimer);
      clearTimeout(refreshTimer);
      clearInterval(poll);
      document.removeEventListener('visibilitychange', onHidden);
      end();
    },
  };
}

const isRefused = (error: unknown): boolean =>
  error instanceof ProblemError && [403, 404, 410].includes(error.status);
