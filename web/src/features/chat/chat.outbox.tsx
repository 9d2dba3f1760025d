import { postMessage } from '@teambrain/contract/chat.ts';
import type { Attachment } from '@teambrain/contract/files.ts';
import {
  createOutbox,
  type Outbox,
  type OutboxItem,
  type Write,
} from '@teambrain/client/outbox.ts';
import type { Quote } from '@teambrain/contract/quoted.ts';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { v7 as uuid } from 'uuid';
import { useConnection } from '../../platform/live.tsx';
import { useCall } from '../../platform/session.tsx';
import { draftKeys, keepDraft, readDraft } from '../../platform/drafts/drafts.ts';
import { createStore, useStore } from '../../platform/store.ts';
import { count, wait } from '../../platform/words.ts';
import { cacheMessage, cacheQuote, isInStream } from './chat.events.ts';
import { dropUploads } from './files/uploads.ts';
import type { PendingMessage } from './list/chat.rows.ts';

interface MessageWrite extends Write {
  text: string;
  createdAt: string;
  /** Of a reply: its thread, and whether the space shows it as well. */
  threadId?: string;
  inSpace?: boolean;
  /** Uploads that it carries. */
  files?: readonly Attachment[];
  /** A message that it quotes or forwards. */
  quote?: Quote;
}

/** What a message has besides its words. */
export type Besides = Pick<MessageWrite, 'threadId' | 'inSpace' | 'files' | 'quote'>;

type Items = readonly OutboxItem<MessageWrite>[];

const items = createStore<Items>([]);
let current: Outbox<MessageWrite> | null = null;

/** The message's own event has come, whatever becomes of the answer. */
export function confirmSent(messageId: string): void {
  current?.confirm(messageId);
}

interface Actions {
  send: (spaceId: string, text: string, besides?: Besides) => void;
  retry: (id: string) => void;
  discard: (id: string) => void;
}

const OutboxContext = createContext<Actions | null>(null);

export function useOutbox(): Actions {
  const actions = useContext(OutboxContext);
  if (!actions) throw new Error('useOutbox needs an OutboxProvider');
  return actions;
}

/**
 * Keeps messages until the server has them, in the browser too: after a reload, or when their
 * person signs in again, they are sent on. Their ids make that the same write.
 */
export function OutboxProvider({ children }: { children: ReactNode }) {
  const call = useCall();
  const client = useQueryClient();
  const connection = useConnection();
  const [outbox, setOutbox] = useState<Outbox<MessageWrite> | null>(null);
  useEffect(() => {
    const made = createOutbox<MessageWrite>({
      send: async (write) => {
        const message = await call(postMessage, requestOf(write));
        if (write.quote) cacheQuote(client, message, write.quote);
        cacheMessage(client, message);
      },
      onChange: (now) => {
        keepUnsent(items.get(), now);
        items.set(now);
      },
    });
    current = made;
    takeUpUnsent(made);
    setOutbox(made);
    return () => {
      current = null;
      made.close();
      items.set([]);
      dropUploads();
    };
  }, [call, client]);
  useEffect(() => {
    if (connection === 'live' || connection === 'polling') outbox?.wake();
  }, [connection, outbox]);
  useWarnOfUnsent();
  const actions = useMemo(() => (outbox ? actionsOf(outbox) : null), [outbox]);
  if (!actions) return null;
  return <OutboxContext value={actions}>{children}</OutboxContext>;
}

function requestOf({ spaceId, createdAt: _, text, files = [], quote, ...rest }: MessageWrite) {
  const ids = files.map(({ id }) => id);
  const body = {
    ...rest,
    ...(text && { text }),
    ...(ids.length > 0 && { files: ids }),
    ...(quote && { quote: quote.from }),
  };
  return { params: { spaceId }, body };
}

const PREFIX = 'send ';
const keyOf = ({ spaceId, id }: MessageWrite) => `${PREFIX}${spaceId} ${id}`;

function keepUnsent(before: Items, now: Items): void {
  const known = new Set(before.map((item) => item.write));
  const standing = new Set(now.map((item) => item.write));
  for (const write of known) if (!standing.has(write)) keepDraft(keyOf(write), undefined);
  for (const write of standing) if (!known.has(write)) keepDraft(keyOf(write), write);
}

function takeUpUnsent(outbox: Outbox<MessageWrite>): void {
  const writes = draftKeys(PREFIX).map((key) => readDraft<MessageWrite>(key));
  const inOrder = writes.filter((one) => one !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const write of inOrder) {
    try {
      outbox.add(write);
    } catch {
      // More than it takes: the rest waits for the next time.
      return;
    }
  }
}

function actionsOf(outbox: Outbox<MessageWrite>): Actions {
  return {
    send: (spaceId, text, besides) => {
      try {
        const createdAt = new Date().toISOString();
        outbox.add({ id: uuid(), spaceId, text, createdAt, ...besides });
      } catch {
        notifications.show({
          color: 'red',
          message: 'Too many messages wait to be sent. Wait until some have gone.',
        });
      }
    },
    retry: (id) => outbox.retry(id),
    discard: (id) => outbox.discard(id),
  };
}

/** Closing the tab would lose what is not sent. */
function useWarnOfUnsent(): void {
  const hasUnsent = useStore(items, (now) => now.length > 0);
  useEffect(() => {
    if (!hasUnsent) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [hasUnsent]);
}

/** What is on its way to a thread, or to a space's own stream, in the order it was written. */
export function usePending(spaceId: string, threadId?: string): readonly PendingMessage[] {
  const all = useStore(items);
  return useMemo(() => {
    const own = pendingOf(all.filter((item) => item.write.spaceId === spaceId));
    return own.filter((one) => (threadId ? one.threadId === threadId : isInStream(one)));
  }, [all, spaceId, threadId]);
}

/** Those behind one that waits wait with it, for the same reason. */
function pendingOf(items: readonly OutboxItem<MessageWrite>[]): PendingMessage[] {
  const first = items.find(({ state }) => state === 'waiting');
  const wait = first && { retryAt: first.retryAt, reason: reasonOf(first.problem) };
  return items.map(({ write, state, problem }) => ({
    id: write.id,
    text: write.text,
    createdAt: write.createdAt,
    threadId: write.threadId ?? null,
    inSpace: write.inSpace ?? false,
    files: write.files ?? [],
    quote: write.quote ?? null,
    failure: state === 'failed' ? failureOf(problem) : null,
    ...((state !== 'failed' && state !== 'sending' && wait) || { retryAt: null, reason: null }),
  }));
}

/** Which limit a message met. */
function reasonOf(problem: OutboxItem<MessageWrite>['problem']): string | null {
  if (problem?.limit) {
    const { quota, window } = problem.limit;
    return `more than ${count(quota, 'message')} in ${wait(window)}`;
  }
  return problem?.code === 'busy' ? 'the server is busy' : null;
}

function failureOf(problem: OutboxItem<MessageWrite>['problem']): string {
  if (!problem) return 'something went wrong';
  if (problem.retryAfter !== undefined) return `try again in ${wait(problem.retryAfter)}`;
  const words = problem.detail ?? problem.title;
  return words.charAt(0).toLowerCase() + words.slice(1);
}
