/** A retried refresh (lost answer, second tab) gets the same successor for this long. */
const RETRY_MS = 5 * 60_000;
/** For this long after its first use a token may still be on its way from other tabs. */
const RACE_MS = 10_000;

interface Token {
  createdAt: Date;
  usedAt: Date | null;
}

/** What it means that a used refresh token comes again (decision 22). */
export function judgeReuse(
  { usedAt }: Token,
  successor: Token | null,
  at: Date,
): 'good' | 'retry' | 'reuse' {
  const isUnused = successor?.usedAt === null;
  if (isUnused && at.getTime() - successor.createdAt.getTime() <= RETRY_MS) return 'good';
  const isRace = !isUnused && usedAt !== null && at.getTime() - usedAt.getTime() <= RACE_MS;
  return isRace ? 'retry' : 'reuse';
}
