import { endpoints } from '@teambrain/contract/all.ts';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { search } from '@teambrain/contract/search.ts';
import { reads, type Spot } from './canaries.crawl.ts';
import type { Crawler, Flock } from './canaries.seed.ts';
import { inParallel, nameOf, requestOf, type Input, type Reply } from './support/http.ts';

export function spotOf({ aviary, heap }: Flock, actor: Crawler): Spot {
  const hidden = aviary.canaries.filter(({ readers }) => !readers.has(actor));
  const isContent = ({ text }: { text: string }) => text.startsWith('CNRY-');
  return { ...heap, actor, hidden: hidden.filter(isContent).map(({ text }) => text) };
}

export const tokenOf = ({ people }: Flock, actor: Crawler) => people[actor]?.token ?? null;

/** All of an answer that could tell something; cursors in the open. */
export function wordsOf({ headers, text }: Reply): string {
  const cursors = [...text.matchAll(/"(?:next|previous)":"([\w-]+)"/g)].map(([, cursor = '']) =>
    Buffer.from(cursor, 'base64url').toString(),
  );
  return [JSON.stringify(headers), text, ...cursors].join('\n');
}

/** What a crawl met: statuses, and canaries by who saw them. */
export interface Seen {
  statuses: Set<number>;
  names: Set<string>;
}

/** Sends all that a recipe says as one actor; gives what came that the actor may not read. */
export async function crawl(
  flock: Flock,
  { endpoint, inputs, actor }: { endpoint: Endpoint; inputs: Input[]; actor: Crawler },
  seen: Seen,
) {
  const leaks = new Set<string>();
  await inParallel(inputs, async (input) => {
    const sent = requestOf(endpoint, input, tokenOf(flock, actor));
    const isRead = endpoint.method === 'GET' && endpoint !== search;
    for (const method of isRead ? ['GET', 'HEAD'] : [endpoint.method]) {
      const reply = await flock.send({ ...sent, method });
      seen.statuses.add(reply.status);
      for (const name of flock.aviary.namesIn(wordsOf(reply))) seen.names.add(`${actor}: ${name}`);
      for (const name of flock.aviary.leaksIn(actor, wordsOf(reply))) {
        leaks.add(`${actor}, ${method} ${sent.path}: ${name}`);
      }
    }
  });
  return [...leaks];
}

/** Search results, answers and lists as one actor gets them, word for word. */
export async function observe(flock: Flock, actor: Crawler): Promise<string[]> {
  const words = ['coffee machine', 'the', 'CNRY', 'cnry-a', 'password', 'these days', 'decision'];
  const requests = [
    ...words.map((q) => requestOf(search, { query: { q, limit: 50 } }, tokenOf(flock, actor))),
    ...['/spaces?limit=200', `/spaces/${flock.heap.spaces[1]}`, `/spaces/${flock.heap.spaces[2]}`]
      .map((path) => ({ method: 'GET', path: `/api${path}` }))
      .map((sent) => ({ ...sent, headers: { authorization: `Bearer ${tokenOf(flock, actor)}` } })),
    ...(reads.get(endpointNamed('POST /ask'))?.(spotOf(flock, actor)) ?? [])
      .slice(-5)
      .map((input) => requestOf(endpointNamed('POST /ask'), input, tokenOf(flock, actor))),
  ];
  const seen: string[] = [];
  for (const sent of requests) seen.push((await flock.send(sent)).text);
  return seen;
}

export const endpointNamed = (name: string): Endpoint =>
  endpoints.find((endpoint) => nameOf(endpoint) === name) as Endpoint;
