import { SPACE_NAME_MAX, SPACE_PASSWORD_MIN } from '@teambrain/contract/spaces.ts';
import { isEmoji } from '@teambrain/contract/visible.ts';

export const DESCRIPTION_MAX = 500;
export { SPACE_NAME_MAX };

export function spaceNameProblem(value: string): string | null {
  return value.trim() ? null : 'Give the space a name';
}

export function emojiProblem(value: string): string | null {
  return value.trim() === '' || isEmoji(value.trim()) ? null : 'Use one emoji';
}

export function spacePasswordProblem(value: string): string | null {
  return [...value].length < SPACE_PASSWORD_MIN
    ? `Use at least ${SPACE_PASSWORD_MIN} characters`
    : null;
}
