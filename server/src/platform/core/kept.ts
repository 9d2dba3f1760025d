import type { ContentType } from '@teambrain/contract/kinds.ts';
import type { SpaceEvent } from '@teambrain/contract/log.ts';

/** Something that must hold: the query gives one row `what` for each place where it does not. */
export interface Check {
  name: string;
  /** What holds when nothing is found. */
  law: string;
  /**
   * The query. `content` is a table of all content, as its features keep it: type, space_id, id,
   * version, text, deleted_at. A query may name it once.
   */
  sql: string;
  /** The types of event whose effect it compares with what is kept. */
  about?: readonly SpaceEvent['type'][];
}

/** Where a feature keeps a type of content: for doctor, and for a restore. */
export interface Kept {
  type: ContentType;
  /** Has the columns space_id, id, version, author_id and deleted_at. */
  table: string;
  /** Column of the Markdown that the index holds. */
  text: string;
  /** How a deletion that a backup does not know is repeated after it was restored. */
  deletion: {
    event: SpaceEvent['type'];
    /** What it sets besides deleted_at; $3 is when it was. */
    set?: string;
    /** What its event carries besides id and version: names and values, $3 as above. */
    data?: string;
    /** A statement that takes away what else has the words; $1 is the space, $2 the id. */
    also?: string;
  };
}
