import { ActionIcon } from '@mantine/core';
import { QUOTE_TEXT, type Quote } from '@teambrain/contract/quoted.ts';
import type { Message } from '@teambrain/contract/chat.ts';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { keepDraft, readDraft } from '../../../platform/drafts/drafts.ts';
import { createStore, useStore } from '../../../platform/store.ts';
import { plain } from '../../../ui/plain-text.ts';
import classes from './quotes.module.css';

/** By the key of a composer what is quoted there; null where that was taken away. */
const chosen = createStore<ReadonlyMap<string, Quote | null>>(new Map());
/** Behind its first word a draft's key names the space. */
const draftKey = (composer: string) => `quote-${composer}`;

/** The composer of a space, or of a thread in it. */
export const composerKey = (spaceId: string, threadId?: string): string =>
  threadId ? `thread ${spaceId} ${threadId}` : `chat ${spaceId}`;

/** A message as its quotation shows it. */
export function quoteOf({ id, spaceId, author, createdAt, text }: Message): Quote {
  const words = { author, at: createdAt, text: text.slice(0, QUOTE_TEXT) };
  return { from: { spaceId, id }, words, isChanged: false };
}

/** What the next message of a composer quotes; kept with its draft. */
export function setQuoted(composer: string, quote: Quote | null): void {
  keepDraft(draftKey(composer), quote ?? undefined);
  chosen.set((was) => new Map(was).set(composer, quote));
}

export function useQuoted(composer: string): Quote | null {
  const [kept] = useState(() => readDraft<Quote>(draftKey(composer)) ?? null);
  const now = useStore(chosen, (all) => all.get(composer));
  return now === undefined ? kept : now;
}

/** Above the box: what is quoted, and the way to leave it out. */
export function Quoting({ quote, onCancel }: { quote: Quote; onCancel?: () => void }) {
  const { words } = quote;
  if (!words) return null;
  return (
    <div className={classes.quoting} role="group" aria-label="Quoted message">
      <p dir="auto">
        <b>{words.author.name}</b> {plain(words.text)}
      </p>
      {onCancel && (
        <ActionIcon size="sm" aria-label="Do not quote" onClick={onCancel}>
          <IconX size={14} />
        </ActionIcon>
      )}
    </div>
  );
}
