import type { Static } from 'typebox';
import { OneOf } from './id.ts';

export const Role = OneOf('owner', 'moderator', 'member');
export type Role = Static<typeof Role>;

export const Visibility = OneOf('public', 'protected');
export type Visibility = Static<typeof Visibility>;

/** What a grant proves about a person and a space. Each ability includes those before it. */
export type Ability = 'read' | 'write' | 'manage';

/** Who may call an endpoint: anybody, any signed-in user, whoever has the ability in the space, or administrators. */
export type Gate = 'public' | 'user' | Ability | 'admin';

const ABILITIES: readonly Ability[] = ['read', 'write', 'manage'];

/** How someone stands to a space; `role` is null for who has not joined. */
export interface Standing {
  visibility: Visibility;
  role: Role | null;
  isAdministrator: boolean;
}

/**
 * The one permission rule. Public space: every signed-in user reads, members write, owner and
 * moderators manage (administrators too). Protected space: nothing without membership, not even
 * for administrators.
 */
export function abilityIn({ visibility, role, isAdministrator }: Standing): Ability | null {
  if (role === 'owner' || role === 'moderator') return 'manage';
  if (visibility === 'public' && isAdministrator) return 'manage';
  if (role === 'member') return 'write';
  return visibility === 'public' ? 'read' : null;
}

/** Whether holding `has` suffices where `needed` is asked. */
export function isEnough(has: Ability | null, needed: Ability): boolean {
  return has !== null && ABILITIES.indexOf(has) >= ABILITIES.indexOf(needed);
}

const RANK: Record<Role, number> = { member: 0, moderator: 1, owner: 2 };

/** Nobody changes the standing of someone of their own rank or above; owners may change anyone. */
export function canChangeMember(mine: Role | null, theirs: Role, next: Role | null): boolean {
  if (mine === 'owner') return true;
  if (mine === null) return false;
  return RANK[theirs] < RANK[mine] && (next === null || RANK[next] < RANK[mine]);
}
