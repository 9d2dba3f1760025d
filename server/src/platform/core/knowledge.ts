import type { Source } from '@teambrain/contract/citation.ts';
import type { Attachment } from '@teambrain/contract/files.ts';
import type { ContentKind, ContentType } from '@teambrain/contract/kinds.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';
import type { Space, Visible } from '../access/access.ts';
import type { Tx } from '../db/database.ts';

/**
 * What content features, search and ask hand each other. Features never import one another:
 * `app.ts` passes functions of these types (ARCHITECTURE.md, rule 3).
 */

/** Points at one message or one entry; rows are addressed by space and id together. */
export interface SourceRef {
  type: ContentType;
  id: string;
  spaceId: string;
}

/** The current text of a source, as a follower, answer or summary reads it. */
export interface SourceText {
  ref: SourceRef;
  version: number;
  /** The entry's title; empty for a message. */
  title: string;
  /** Markdown exactly as stored. All offsets in TeamBrain count UTF-16 code units of this string. */
  text: string;
  author: string;
  createdAt: Date;
}

/** A sentence of a retrieved passage, with everything the answerer scores by. */
export interface RetrievedSentence {
  ref: SourceRef;
  version: number;
  /** Range in the source's Markdown, UTF-16 code units, end exclusive. */
  start: number;
  end: number;
  /** Plain text of the range (Markdown syntax removed). */
  text: string;
  /** Exact slice of the source: `source.text.slice(start, end)`. */
  quote: string;
  author: string;
  /** Lexemes of the sentence in its order, without stop words. */
  terms: string[];
  /** Cosine similarity between the sentence and the question, −1 to 1. */
  cosine: number;
}

export interface RetrievedPassage {
  id: string;
  spaceId: string;
  /** The entry, or the first message of a run of turns. */
  sourceId: string;
  kind: ContentKind;
  title: string;
  /** Headings above the passage, joined with " › "; may be empty. */
  heading: string;
  /** Hybrid score 0 to 1.5 (share of the best possible BM25 + 0.5 × best cosine). Never shown to users. */
  score: number;
  /** Lexemes of the title, and of each heading above the passage. */
  names: string[][];
  /** Lexemes of title, headings and text, without duplicates. */
  terms: string[];
  /** In text order. */
  sentences: RetrievedSentence[];
}

export interface Retrieved {
  /**
   * The question's lexemes with their inverse document frequency among readable passages; of a word
   * that stands nowhere, the nearest one that does.
   */
  terms: { term: string; idf: number }[];
  /** The same for each word of the question in order, '' for a stop word. */
  words: string[];
  /** Best first. */
  passages: RetrievedPassage[];
}

/** A source as a particular reader may see it. */
export interface DescribedSource extends SourceText {
  kind: RetrievedPassage['kind'];
  person: { id: string; name: string };
}

/** What each content feature offers to search, ask and summaries. */
export interface ContentSource {
  type: SourceRef['type'];
  /** Those of the sources that stand and are visible, in any order. */
  describe(visible: Visible, ids: string[]): Promise<DescribedSource[]>;
}

/** What a feature offers whose texts are indexed one by one, in passages of their own. */
export interface TextSource extends ContentSource {
  /** Events after which the text of what they are about is read again; the first one is of a change. */
  changedBy: readonly [SpaceEvent['type'], ...SpaceEvent['type'][]];
  loadAll: LoadTexts;
}

/** Where a message was posted: in its space's log, and in a thread or (null) the space's own stream. */
export interface ChatPlace {
  seq: number;
  threadId: string | null;
}

/** A turn of a chat with its place. */
export interface ChatTurn extends SourceText, ChatPlace {
  /** Names of the files it carries. */
  fileNames?: string[];
}

/** Messages of a thread, or of a space's own stream, from one seq to another. */
export interface Span {
  spaceId: string;
  threadId: string | null;
  first: number;
  last: number;
}

/** A part of a space's chat by time (`to` excluded), or a thread with its root. */
export interface ChatRange {
  thread?: string;
  from?: Date;
  to?: Date;
}

/** Reads stretches of a space's chat for the index (which has no reader) and for summaries. */
export interface ChatStretch {
  /** Where messages were posted, deleted or not, by `spaceId id`; those that never were are missing. */
  placesOf(
    messages: readonly { spaceId: string; id: string }[],
  ): Promise<ReadonlyMap<string, ChatPlace>>;
  /** The last `limit` standing messages of each span, in order, and the roots of its threads. */
  turns(spans: readonly Span[], limit: number): Promise<ChatTurn[]>;
  /** The last `limit` standing messages in the range, in order, each reply after its root. */
  stretch(spaceId: string, range: ChatRange & { limit: number }): Promise<ChatTurn[]>;
  /** How many standing messages the range has. */
  count(spaceId: string, range: ChatRange): Promise<number>;
}

/** A text for the index, which has no reader; null once deleted. */
export type LoadText = (
  spaceId: string,
  id: string,
) => Promise<(SourceText & { kind: RetrievedPassage['kind'] }) | null>;

/** Those of the texts that are there, in any order. */
export type LoadTexts = (
  refs: readonly { spaceId: string; id: string }[],
) => Promise<NonNullable<Awaited<ReturnType<LoadText>>>[]>;

/**
 * Finds the passages a reader may see that answer a question best. `before` is the question asked
 * before it: its words count too, at less weight.
 */
export type Retrieve = (visible: Visible, question: string, before?: string) => Promise<Retrieved>;

/** A source with its card for the wire and its present text. */
export interface KnownSource {
  card: Source;
  version: number;
  text: string;
}

/** Looks sources up as their reader may see them now; what is gone or hidden is missing. */
export type LookUp = (
  visible: Visible,
  refs: readonly SourceRef[],
) => Promise<(ref: SourceRef) => KnownSource | undefined>;

/** What messages may do with files: `files` gives it, `app.ts` hands it to `chat`. */
export interface Attachments {
  /**
   * Those of the actor's own uploads that hang on nothing yet, or on this message already, in the
   * order asked for; null where one of them is not there.
   */
  find(
    space: Space<'write'>,
    ids: readonly string[],
    messageId: string,
  ): Promise<Attachment[] | null>;
  /** Hangs uploads of the actor on a message; false where one of them is not free any more. */
  attach(
    tx: Tx,
    space: Space<'write'>,
    ids: readonly string[],
    messageId: string,
  ): Promise<boolean>;
  /** Forgets the files of a message; their bytes follow within a minute. */
  release(tx: Tx, space: Space<'write'>, messageId: string): Promise<void>;
}
