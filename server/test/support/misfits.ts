import { v7 as newId } from 'uuid';
import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { exampleOf } from '../contract.examples.ts';
import { inParallel, outcomeOf, requestOf, type Sent } from './http.ts';
import { faultsOf } from './sound.ts';
import type { World } from './world.ts';

/** A right request of the endpoint, by who would be let through as far as anyone. */
export function good(world: World, endpoint: Endpoint): Sent & { headers: Record<string, string> } {
  const token = endpoint.gate === 'public' ? null : world.cast.owner.token;
  const sent = requestOf(endpoint, exampleOf(endpoint, world.places.public, newId()), token);
  return { ...sent, headers: sent.headers as Record<string, string> };
}

/** Sends variants of requests and gives those answers that are not sound, or not as they should. */
export async function misfits(
  world: World,
  variants: Iterable<readonly [string, Sent]>,
  isRight: (status: number, outcome: string) => boolean = () => true,
): Promise<string[]> {
  const found: string[] = [];
  await inParallel([...variants], async ([name, sent]) => {
    const reply = await world.send(sent);
    for (const fault of faultsOf(reply)) found.push(`${name}: ${fault}`);
    const outcome = sent.method === 'HEAD' ? String(reply.status) : outcomeOf(reply);
    if (!isRight(reply.status, outcome)) found.push(`${name}: ${outcome}`);
  });
  return found;
}
