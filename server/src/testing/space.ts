import * as chat from '@teambrain/contract/chat.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import type { Person } from './people.ts';

export const SPACE_KEY = 'the word at the door';

/** A new space of `owner` that the others have joined; gives its id. */
export async function createSpace(
  owner: Person,
  members: readonly Person[] = [],
  visibility: 'public' | 'protected' = 'protected',
): Promise<string> {
  const password = visibility === 'protected' ? { password: SPACE_KEY } : {};
  const body = { name: `Space of ${owner.name}`, visibility, ...password };
  const { id } = await owner.call(spaces.createSpace, { body });
  for (const member of members) {
    await member.call(spaces.joinSpace, { params: { spaceId: id }, body: password });
  }
  return id;
}

export const post = (person: Person, spaceId: string, text: string, id?: string) =>
  person.call(chat.postMessage, {
    params: { spaceId },
    body: id === undefined ? { text } : { id, text },
  });

/** 1, 2 … n */
export const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
