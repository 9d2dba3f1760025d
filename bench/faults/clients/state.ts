import { createHash } from 'node:crypto';
import type { Message } from '@teambrain/contract/chat.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';

/** What is kept of a message to compare: enough to tell two states apart. */
interface Kept {
  id: string;
  version: number;
  sum: string;
}

/** A window's messages of one space's stream, made of a snapshot and the events after it. */
export interface ChatState {
  /** Messages before this seq are not kept. */
  readonly floor: number;
  /** Those of the snapshot replace everything. */
  load(messages: readonly Message[], floor: number): void;
  apply(event: SpaceEvent): void;
  digest(): string;
  /** Ids of the last messages that were not deleted. */
  recent(): string[];
}

const RECENT = 40;

export function createChatState(): ChatState {
  const bySeq = new Map<number, Kept>();
  const seqOf = new Map<string, number>();
  let floor = 0;
  const put = ({ id, seq, version, text }: Pick<Message, 'id' | 'seq' | 'version' | 'text'>) => {
    if (seq < floor) return;
    bySeq.set(seq, { id, version, sum: sumOf(text) });
    seqOf.set(id, seq);
  };
  return {
    get floor() {
      return floor;
    },
    load(messages, from) {
      bySeq.clear();
      seqOf.clear();
      floor = from;
      for (const message of messages) put(message);
    },
    apply(event) {
      if (event.type === 'message.posted' || event.type === 'message.edited') {
        const { message } = event.data;
        // A reply is in its thread alone, unless the space shows it as well.
        if (message.threadId !== null && !message.inSpace) return;
        // What was posted and deleted before this replay comes without its words.
        const seq = seqOf.get(message.id);
        const known = seq === undefined ? undefined : bySeq.get(seq);
        if (!known || known.version < message.version) put(message);
      } else if (event.type === 'message.deleted') {
        const seq = seqOf.get(event.data.id);
        if (seq !== undefined) put({ ...event.data, seq, text: '' });
      }
    },
    recent: () =>
      [...bySeq]
        .sort(([a], [b]) => b - a)
        .filter(([, { sum }]) => sum !== NOTHING)
        .slice(0, RECENT)
        .map(([, { id }]) => id),
    digest: () => digestOf([...bySeq].sort(([a], [b]) => a - b).map(([, kept]) => kept)),
  };
}

const sumOf = (text: string) => createHash('sha1').update(text).digest('base64').slice(0, 10);

const NOTHING = sumOf('');

const digestOf = (kept: readonly Kept[]) =>
  createHash('sha256')
    .update(kept.map(({ id, version, sum }) => `${id}:${version}:${sum}`).join('\n'))
    .digest('hex')
    .slice(0, 32);

/** The digest a window would have that kept these messages, ordered by seq. */
export function digestOfMessages(
  messages: readonly { id: string; seq: number; version: number; text: string }[],
): string {
  const ordered = [...messages].sort((a, b) => a.seq - b.seq);
  return digestOf(ordered.map(({ id, version, text }) => ({ id, version, sum: sumOf(text) })));
}
