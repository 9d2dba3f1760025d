import * as auth from '@teambrain/contract/auth.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { createCaller } from '@teambrain/client/call.ts';

/** A signed-in person of a test, with their own access token and calls. */
export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
  token: string;
  call: ReturnType<typeof createCaller>;
}

let count = 0;

/** Registers someone over HTTP and signs them in. */
export async function register(url: string, name = 'Someone'): Promise<Person> {
  count += 1;
  const email = `${name.toLowerCase().replace(/\W/g, '.')}.${count}@example.org`;
  const password = `password of ${name} ${count}`;
  const call = createCaller({ baseUrl: url });
  const { user, accessToken } = await call(auth.register, { body: { email, name, password } });
  return { id: user.id, name, email, password, token: accessToken, call: callAs(url, accessToken) };
}

/** A caller that sends this access token. */
export const callAs = (url: string, token: string | null) =>
  createCaller({ baseUrl: url, accessToken: () => token });

export const SPACE_PASSWORD = 'open up sesame';

/**
 * The cast of an authorization test around one protected and one public space. `administrator` is
 * in neither; `locked` and `outsider` joined neither; `exMember` was removed from both.
 */
export async function createCast(url: string) {
  const [administrator, owner, moderator, member, locked, outsider, exMember] = [
    await register(url, 'Administrator'),
    await register(url, 'Owner'),
    await register(url, 'Moderator'),
    await register(url, 'Member'),
    await register(url, 'Locked'),
    await register(url, 'Outsider'),
    await register(url, 'Exmember'),
  ];
  const make = async (visibility: 'public' | 'protected', name: string) => {
    const password = visibility === 'protected' ? { password: SPACE_PASSWORD } : {};
    const space = await owner.call(spaces.createSpace, {
      body: { name, visibility, description: `About ${name}`, ...password },
    });
    const params = { spaceId: space.id };
    for (const person of [moderator, member, exMember]) {
      await person.call(spaces.joinSpace, { params, body: password });
    }
    await owner.call(spaces.updateMember, {
      params: { ...params, userId: moderator.id },
      body: { role: 'moderator' },
    });
    await owner.call(spaces.removeMember, { params: { ...params, userId: exMember.id } });
    return space;
  };
  return {
    administrator,
    owner,
    moderator,
    member,
    locked,
    outsider,
    exMember,
    protectedSpace: await make('protected', 'Vault'),
    publicSpace: await make('public', 'Lobby'),
  };
}

/** The problem code a call fails with, or null when it succeeds. */
export async function codeOf(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    return (error as { problem?: { code: string } }).problem?.code ?? String(error);
  }
}
