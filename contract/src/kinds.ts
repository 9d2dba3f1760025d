/**
 * Every kind of content: what people search, cite and open. This is the only list of them. Whatever
 * has to know each kind is a record of them, so that the type checker names it when one is added.
 *
 * `type` says what its rows are addressed by: one feature keeps all things of a type. `name` is what
 * people read.
 */
export const contentKinds = {
  message: { type: 'message', name: 'Message' },
  document: { type: 'entry', name: 'Document' },
  faq: { type: 'entry', name: 'FAQ' },
  decision: { type: 'entry', name: 'Decision' },
} as const satisfies Record<string, { type: string; name: string }>;

export type ContentKind = keyof typeof contentKinds;
export type ContentType = (typeof contentKinds)[ContentKind]['type'];
/** The kinds of a type. */
export type KindOf<T extends ContentType> = {
  [K in ContentKind]: (typeof contentKinds)[K]['type'] extends T ? K : never;
}[ContentKind];

export const allKinds = Object.keys(contentKinds) as ContentKind[];
export const allTypes = [...new Set(allKinds.map(typeOf))];

export function typeOf(kind: ContentKind): ContentType {
  return contentKinds[kind].type;
}

export function kindsOf<T extends ContentType>(type: T): KindOf<T>[] {
  return allKinds.filter((kind): kind is KindOf<T> => typeOf(kind) === type);
}
