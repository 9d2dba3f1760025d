import type { LoadTexts, SourceText } from '../../platform/core/knowledge.ts';
import type { TextReader } from '../../platform/reader/client.ts';
import { changeOf, draftsOfText, prepareDrafts } from './search.drafts.ts';
import type { createIndexStore } from './search.store.ts';
import type { Change, PassageRow } from './search.write.store.ts';

export interface TextIndexDependencies {
  store: ReturnType<typeof createIndexStore>;
  reader: TextReader;
  load: LoadTexts;
  /** Vectors of all new sentences that have some, in their order. */
  encode(passages: readonly PassageRow[]): Promise<Float32Array[]>;
}

interface TextId {
  spaceId: string;
  subjectId: string;
}

/** So many are loaded together, and of these so many characters are read, encoded and written. */
const PART = { entries: 20, characters: 60_000 };

/**
 * Brings texts up to date in parts: while one is encoded, which takes longest, the one before is
 * written and the one behind is read.
 */
export function createTextIndex({ store, reader, load, encode }: TextIndexDependencies) {
  async function* changesOf(ids: readonly TextId[]): AsyncGenerator<Change[]> {
    for (let at = 0; at < ids.length; at += PART.entries) {
      const refs = ids
        .slice(at, at + PART.entries)
        .map(({ spaceId, subjectId: id }) => ({ spaceId, id }));
      const [standing, entries] = [await store.findEntries(refs), await load(refs)];
      const known = new Map(entries.map((entry) => [keyOf(entry.ref), entry]));
      const both = standing.map((own) => ({ own, entry: known.get(keyOf(own)) }));
      for (const part of partsOf(both)) {
        const present = part.flatMap(({ entry }) => entry ?? []);
        const read = await reader.passages(
          present.map(({ title, text }) => ({ title, markdown: text })),
        );
        const passages = new Map(present.map((entry, n) => [entry, read[n] ?? []]));
        const changes = bySpace(
          part.map(({ own, entry }) =>
            changeOf(own, entry ? draftsOfText(entry, passages.get(entry) ?? []) : []),
          ),
        );
        await prepareDrafts(
          reader,
          changes.flatMap(({ passages: drafts }) => drafts),
        );
        yield changes;
      }
    }
  }

  return async function indexTexts(ids: readonly TextId[]): Promise<void> {
    /** The versions of what was written here: others were read before. */
    const versions = new Map<string, number>();
    const parts = changesOf(ids);
    let next = quietly(parts.next());
    let written = quietly(Promise.resolve());
    for (let part = await next; !part.done; part = await next) {
      next = quietly(parts.next());
      const changes = part.value.filter(
        ({ removed, passages }) => removed.length + passages.length,
      );
      if (changes.length === 0) continue;
      const vectors = await encode(changes.flatMap(({ passages }) => passages));
      await written;
      for (const change of changes) {
        change.version = versions.get(change.spaceId) ?? change.version;
      }
      const steps = store.stepsFor(changes);
      for (const { spaceId, version } of changes) versions.set(spaceId, version + steps);
      written = quietly(store.write(changes, vectors));
    }
    await written;
  };
}

/** A promise that is awaited later: should something else fail before, it is not reported as well. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const keyOf = ({ spaceId, id }: { spaceId: string; id: string }) => `${spaceId} ${id}`;

/** In order, each with few enough characters or of one entry. */
function partsOf<T extends { entry: SourceText | undefined }>(all: readonly T[]): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const one of all) {
    const size = one.entry?.text.length ?? 0;
    const last = parts.at(-1);
    if (last && size <= room) last.push(one);
    else {
      parts.push([one]);
      room = PART.characters;
    }
    room -= size;
  }
  return parts;
}

/** Changes of one space as one, which is how they are written. */
function bySpace(changes: readonly Change[]): Change[] {
  const spaces = new Map<string, Change>();
  for (const { spaceId, version, removed, passages } of changes) {
    const own = spaces.get(spaceId) ?? { spaceId, version, removed: [], passages: [] };
    own.removed.push(...removed);
    own.passages.push(...passages);
    spaces.set(spaceId, own);
  }
  return [...spaces.values()];
}
