import { login } from '@teambrain/contract/auth.ts';
import { listEntries, type EntryKind } from '@teambrain/contract/knowledge.ts';
import { loadSample } from '@teambrain/contract/sample.ts';
import { search } from '@teambrain/contract/search.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { createCaller } from '@teambrain/client/call.ts';

export type Caller = ReturnType<typeof createCaller>;

const LAST = [
  'Does the old Android tablet have Play services?',
  'Do we show the trend arrow while a sensor measures once an hour?',
  'Can a gateway run on a solar panel through the winter?',
];

/** Signs in over HTTP, beside the person's browser. */
export async function callAs(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Caller> {
  const { accessToken } = await createCaller({ baseUrl: url })(login, {
    body: { email, password },
  });
  return createCaller({ baseUrl: url, accessToken: () => accessToken });
}

/** The sample team, loaded by the instance's administrator: ids of spaces and entries by their names. */
export interface Team {
  space(name: string): string;
  /** Path of an entry's page. */
  entry(title: string): string;
}

/** Loads the sample team and waits until its words are found. */
export async function loadTeam(call: Caller): Promise<Team> {
  for (let loaded = false; !loaded;) loaded = (await call(loadSample, {})).state === 'loaded';
  const spaces = new Map<string, string>();
  const entries = new Map<string, string>();
  for (const { id, name } of (await call(listSpaces, { query: {} })).items) {
    spaces.set(name, id);
    for (const kind of ['document', 'faq', 'decision'] satisfies EntryKind[]) {
      const { items } = await call(listEntries, { params: { spaceId: id }, query: { kind } });
      for (const entry of items) entries.set(entry.title, `/s/${id}/e/${entry.id}`);
    }
  }
  await indexed(call);
  const of = (map: Map<string, string>, name: string) => {
    const found = map.get(name);
    if (!found) throw new Error(`The sample team has no “${name}”: ${[...map.keys()].join(', ')}`);
    return found;
  };
  return { space: (name) => of(spaces, name), entry: (title) => of(entries, title) };
}

/** A FAQ written in every space's last days is found. */
async function indexed(call: Caller): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = await Promise.all(
      LAST.map((q) => call(search, { query: { q, kind: 'faq', limit: 5 } })),
    );
    if (found.every(({ items }, at) => items.some(({ source }) => source.title === LAST[at])))
      return;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  throw new Error('the index did not follow within two minutes');
}
