import type { Passage, Source } from '@teambrain/contract/citation.ts';
import { contentKinds } from '@teambrain/contract/kinds.ts';

interface Range {
  start: number | null;
  end: number | null;
  version?: number;
}

/** Where a source opens, at its highlighted words where a range is given. */
export function sourceLink(source: Pick<Source, 'type' | 'id' | 'spaceId'>, range?: Range) {
  const at =
    range && range.start !== null && range.end !== null && range.end > range.start
      ? { start: range.start, end: range.end, v: range.version }
      : {};
  const { id, spaceId } = source;
  switch (source.type) {
    case 'message':
      return { to: '/s/$spaceId' as const, params: { spaceId }, search: { message: id, ...at } };
    case 'entry':
      return {
        to: '/s/$spaceId/e/$entryId' as const,
        params: { spaceId, entryId: id },
        search: at,
      };
    default:
      return source.type satisfies never;
  }
}

export function passageLink(passage: Passage) {
  return sourceLink(passage.source, { start: passage.start, end: passage.end });
}

/** How a source is named in a list: its title, or for a message who wrote it. */
export function sourceName(source: Source): string {
  return source.title || `${source.author.name} in chat`;
}

export function kindName(kind: Source['kind']): string {
  return contentKinds[kind].name;
}
