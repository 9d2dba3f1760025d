import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { CARE, type Care } from '../text/care.ts';

/** Hashes, never texts. */
const MAX_KEPT = 10_000;

/** Which texts went over their budget, so that each costs a process once and not at every reading. */
export function rememberVerdicts() {
  const known = new LRUCache<string, Care>({ max: MAX_KEPT });
  const of = (text: string): Care => {
    // Almost always nothing is known, and hashing is spared.
    if (known.size === 0) return CARE.markdown;
    return known.get(hashOf(text)) ?? CARE.markdown;
  };
  return {
    /** How to read those of the texts that are not read as Markdown, by number. */
    among(texts: readonly string[], least: Care): Map<number, Care> {
      const found = new Map<number, Care>();
      for (const [n, text] of texts.entries()) {
        const care = Math.max(least, of(text)) as Care;
        if (care !== CARE.markdown) found.set(n, care);
      }
      return found;
    },
    /** Reads the text with more care from now on; false if there is no more. */
    raise(text: string): boolean {
      const care = of(text);
      if (care === CARE.none) return false;
      known.set(hashOf(text), (care + 1) as Care);
      return true;
    },
  };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');
