import { keepDraft, readDraft } from './drafts.ts';
import { fingerprint } from './fingerprint.ts';
import { baseKey, type Base } from './slots.ts';

const NONE: Base = { version: 0, text: fingerprint(''), files: [] };

/** Under which words are kept that those of another window took the place of. */
export const replacedKey = (key: string) => `replaced-${key}`;

/** What this tab's words under a key are based on. */
export const baseOf = (key: string): Base => readDraft<Base>(baseKey(key)) ?? NONE;

export function keepBase(key: string, version: number, text: string, files: readonly string[]) {
  const base: Base = { version, text: fingerprint(text), files };
  const isNone = version === 0 && text === '' && files.length === 0;
  keepDraft(baseKey(key), isNone ? undefined : base);
}
