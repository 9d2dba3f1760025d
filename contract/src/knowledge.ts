import Type, { type Static } from 'typebox';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { Closed, Id, Instant, Line, Nullable, OneOf, Person, Text, Version } from './id.ts';
import { kindsOf } from './kinds.ts';
import { Page, PageQuery } from './page.ts';

export const TITLE_MAX = 200;
export const MARKDOWN_MAX = 200_000;
const FIELD_MAX = 20_000;

export const EntryKind = OneOf(...kindsOf('entry'));
export type EntryKind = Static<typeof EntryKind>;

export const EntryStatus = OneOf(
  'published',
  'open',
  'answered',
  'proposed',
  'accepted',
  'rejected',
  'superseded',
);
export type EntryStatus = Static<typeof EntryStatus>;

const Field = Text({ maxLength: FIELD_MAX, description: 'Markdown' });
/** The four parts of a decision record (after Nygard's ADRs). */
export const DecisionFields = Closed({
  context: Field,
  options: Field,
  outcome: Field,
  consequences: Field,
});
export type DecisionFields = Static<typeof DecisionFields>;

const card = {
  id: Id,
  spaceId: Id,
  kind: EntryKind,
  title: Type.String({ description: 'Title; of a FAQ the question' }),
  status: EntryStatus,
  version: Version,
  parentId: Nullable(Id),
  author: Person,
  createdAt: Instant,
  updatedBy: Person,
  updatedAt: Instant,
};
/**
 * An entry without its text, as lists and events carry it. `version` counts its words: title, body, fields
 * and status. `updatedBy` and `updatedAt` are of these, too.
 */
export const EntryCard = Closed(card);
export type EntryCard = Static<typeof EntryCard>;

/** An entry in a list: with how its text begins, as plain words. */
export const ListedEntry = Closed({ ...card, excerpt: Type.String() });
export type ListedEntry = Static<typeof ListedEntry>;

/**
 * A piece of knowledge. `markdown` is its canonical text, to which citations refer: a document's
 * body, a FAQ's answer, or a decision's fields under their headings.
 */
export const Entry = Closed({
  ...card,
  markdown: Type.String(),
  decision: Nullable(DecisionFields),
});
export type Entry = Static<typeof Entry>;

export const Revision = Closed({
  version: Version,
  title: Type.String(),
  status: EntryStatus,
  markdown: Type.String(),
  author: Person,
  createdAt: Instant,
});
export type Revision = Static<typeof Revision>;

const Markdown = Text({ maxLength: MARKDOWN_MAX, description: 'Markdown' });
const PartialDecision = Closed({
  context: Type.Optional(Field),
  options: Type.Optional(Field),
  outcome: Type.Optional(Field),
  consequences: Type.Optional(Field),
});

export const listEntries = endpoint('GET /spaces/:spaceId/entries', 'read', {
  summary: 'Entries of a space by title, each with how its text begins',
  limit: 'read',
  query: Closed({
    kind: Type.Optional(EntryKind),
    status: Type.Optional(EntryStatus),
    ...PageQuery,
  }),
  answer: Page(ListedEntry),
});

/** Entries that one question suggests at most. */
export const FOUND_MAX = 20;

/** An entry as it is suggested: enough to know and to link it. */
export const FoundEntry = Closed({
  id: Id,
  spaceId: Id,
  spaceName: Type.String(),
  kind: EntryKind,
  title: Type.String(),
});
export type FoundEntry = Static<typeof FoundEntry>;

export const findEntries = endpoint('GET /entries', 'user', {
  summary:
    'Entries one may read by the beginning of a word of their title, those of `space` first, then the latest; a suggestion, not a search',
  limit: 'read',
  query: Closed({
    query: Type.Optional(Type.String({ maxLength: 100 })),
    space: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: FOUND_MAX })),
  }),
  answer: Closed({ items: Type.Array(FoundEntry) }),
});

export const createEntry = endpoint('POST /spaces/:spaceId/entries', 'write', {
  summary: 'Write a document, FAQ or decision',
  limit: 'write',
  maxBody: 1_048_576,
  body: Closed({
    id: Type.Optional(Id),
    kind: EntryKind,
    title: Line(TITLE_MAX, 'title'),
    markdown: Type.Optional(Markdown),
    decision: Type.Optional(PartialDecision),
    status: Type.Optional(EntryStatus),
    parentId: Type.Optional(Nullable(Id)),
  }),
  answer: Entry,
  status: 201,
  problems: ['id-taken', 'gone'],
});

export const getEntry = endpoint('GET /spaces/:spaceId/entries/:entryId', 'read', {
  summary: 'One entry, as JSON or as Markdown',
  limit: 'read',
  answer: Entry,
  alsoProduces: ['text/markdown'],
  problems: ['gone'],
});

export const updateEntry = endpoint('PATCH /spaces/:spaceId/entries/:entryId', 'write', {
  summary:
    'Change an entry; other words, status or fields make a version and a revision, another place does not',
  limit: 'write',
  ifMatch: 'required',
  maxBody: 1_048_576,
  body: Closed(
    {
      title: Type.Optional(Line(TITLE_MAX, 'title')),
      markdown: Type.Optional(Markdown),
      decision: Type.Optional(PartialDecision),
      status: Type.Optional(EntryStatus),
      parentId: Type.Optional(Nullable(Id)),
    },
    { minProperties: 1 },
  ),
  answer: Entry,
  problems: ['gone', 'stale-version', 'version-required'],
});

export const deleteEntry = endpoint('DELETE /spaces/:spaceId/entries/:entryId', 'write', {
  summary: 'Move an entry to the trash',
  limit: 'write',
});

export const restoreEntry = endpoint('POST /spaces/:spaceId/entries/:entryId/restore', 'write', {
  summary: 'Take an entry back from the trash',
  limit: 'write',
  answer: Entry,
});

export const listRevisions = endpoint('GET /spaces/:spaceId/entries/:entryId/revisions', 'read', {
  summary: 'Every version of an entry, the newest first',
  limit: 'read',
  query: Closed(PageQuery),
  answer: Page(Revision),
  problems: ['gone'],
});

export const restoreRevision = endpoint(
  'POST /spaces/:spaceId/entries/:entryId/revisions/restore',
  'write',
  {
    summary:
      'Make an older version the present one, with its title, status and text or fields; makes a revision',
    limit: 'write',
    ifMatch: 'required',
    body: Closed({ version: Version }),
    answer: Entry,
    problems: ['gone', 'stale-version', 'version-required'],
  },
);

export const entryCreated = event('entry.created', Closed({ entry: EntryCard }), {
  words: ['entry.title'],
});
export const entryUpdated = event('entry.updated', Closed({ entry: EntryCard }), {
  words: ['entry.title'],
});
/** Another place among the documents; its words, and so its version, are as before. */
export const entryMoved = event('entry.moved', Closed({ id: Id, parentId: Nullable(Id) }));
export const entryDeleted = event('entry.deleted', Closed({ id: Id, version: Version }), {
  deletes: true,
});
export const entryRestored = event('entry.restored', Closed({ entry: EntryCard }), {
  words: ['entry.title'],
});

/** Statuses each kind can have; the first is what it starts with. */
export const statusesOf: Record<EntryKind, readonly [EntryStatus, ...EntryStatus[]]> = {
  document: ['published'],
  faq: ['open', 'answered'],
  decision: ['proposed', 'accepted', 'rejected', 'superseded'],
};

/** A FAQ's status follows from whether it has an answer; other kinds keep the one that was chosen. */
export function statusFor(kind: EntryKind, markdown: string, chosen?: EntryStatus): EntryStatus {
  if (kind === 'faq') return markdown.trim() ? 'answered' : 'open';
  return chosen ?? statusesOf[kind][0];
}

/** The heading of each field in a decision's Markdown, in their order. */
export const decisionHeadings: readonly (readonly [keyof DecisionFields, string])[] = [
  ['context', 'Context'],
  ['options', 'Options'],
  ['outcome', 'Outcome'],
  ['consequences', 'Consequences'],
];

/** The canonical Markdown of a decision: its filled fields under their headings. */
export function decisionMarkdown(fields: DecisionFields): string {
  return decisionHeadings
    .filter(([key]) => fields[key].trim())
    .map(([key, heading]) => `## ${heading}\n\n${fields[key].trim()}\n`)
    .join('\n');
}
