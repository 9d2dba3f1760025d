import type { SignedIn } from '@teambrain/contract/auth.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { listEvents, type SpaceEvent } from '@teambrain/contract/log.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { newId } from '../../src/platform/core/id.ts';
import { send } from '../../src/testing/http.ts';
import { callAs } from '../../src/testing/people.ts';
import type { ServerProcess } from '../../src/testing/server-process.ts';
import { upTo } from '../../src/testing/space.ts';

const PASSWORD = 'a password that survives';

/** Each person comes from an address of their own, so that limits on sign-in leave them alone. */
export async function signIn(server: ServerProcess, route: 'register' | 'login', n: number) {
  const body = { email: `writer.${n}@example.org`, password: PASSWORD };
  const reply = await send(server.url, `POST /auth/${route}`, {
    body: route === 'register' ? { ...body, name: `Writer ${n}` } : body,
    headers: { 'x-forwarded-for': `10.${route === 'login' ? 1 : 2}.${n}.${Date.now() % 250}` },
  });
  const token = reply.json<SignedIn>().accessToken;
  return { token, call: callAs(server.url, token) };
}

type Signed = Awaited<ReturnType<typeof signIn>>;
export type Call = Signed['call'];

/** People in one public space with an edited message, a deleted one and a document. */
export async function settle(server: ServerProcess, people: number) {
  const signed: Signed[] = [];
  for (const n of upTo(people)) signed.push(await signIn(server, 'register', n));
  const [first] = signed;
  if (!first) throw new Error('there are people');
  const body = { name: 'Kept', visibility: 'public' } as const;
  const { id: spaceId } = await first.call(spaces.createSpace, { body });
  const params = { spaceId };
  for (const { call } of signed.slice(1)) await call(spaces.joinSpace, { params, body: {} });
  const say = (text: string) => first.call(chat.postMessage, { params, body: { text } });
  const edited = await say('the first wording');
  await first.call(chat.editMessage, {
    params: { ...params, messageId: edited.id },
    body: { text: 'the second wording' },
  });
  const deleted = await say('words that are gone');
  await first.call(chat.deleteMessage, { params: { ...params, messageId: deleted.id } });
  const entry = await first.call(knowledge.createEntry, {
    params,
    body: { kind: 'document', title: 'How we deploy', markdown: '# Deploy\n\nPush, then wait.' },
  });
  return { people: signed, first, spaceId, edited, deleted, entry };
}

export interface Sent {
  id: string;
  text: string;
  /** When the answer came; null while unknown. */
  ackedAt: number | null;
}

/** Posts until told to stop, about four a second. */
export async function write(
  call: Call,
  spaceId: string,
  sent: Sent[],
  { name, isOver }: { name: string; isOver: () => boolean },
): Promise<void> {
  for (let n = 0; !isOver(); n += 1) {
    const one: Sent = { id: newId(), text: `${name} says ${n}`, ackedAt: null };
    const body = { id: one.id, text: one.text };
    await call(chat.postMessage, { params: { spaceId }, body });
    one.ackedAt = performance.now();
    sent.push(one);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The whole log of a space, over HTTP. */
export async function readLog(call: Call, spaceId: string): Promise<SpaceEvent[]> {
  const log: SpaceEvent[] = [];
  for (;;) {
    const query = { after: String(log.length), limit: 200 };
    const page = await call(listEvents, { params: { spaceId }, query });
    log.push(...page.items);
    if (page.next === null) return log;
  }
}

/** What people see of a space: entries with their Markdown, and the messages. */
export async function readAll(call: Call, spaceId: string) {
  const params = { spaceId };
  const { items } = await call(chat.listMessages, { params, query: { after: '0', limit: 200 } });
  const cards = await call(knowledge.listEntries, { params, query: {} });
  const entries = await Promise.all(
    cards.items.map(({ id }) => call(knowledge.getEntry, { params: { ...params, entryId: id } })),
  );
  return { messages: items, entries };
}
