/**
 * How many slips of the fingers make one word the other: a letter too many, too few, wrong or
 * swapped with its neighbour. Null for more than one, or more than two from seven letters on.
 */
export function slipsBetween(a: string, b: string): number | null {
  const most = Math.min(a.length, b.length) >= 7 ? 2 : 1;
  if (Math.abs(a.length - b.length) > most) return null;
  return slips(a, b, most);
}

/**
 * Edit distance with swaps of neighbours (optimal string alignment), or null if it is above `most`.
 * Computes only the cells at most `most` from the diagonal (Ukkonen's band): every other path is
 * longer. So the time grows with the length, not with its square: a search compares one word with
 * thousands on the main loop.
 */
function slips(a: string, b: string, most: number): number | null {
  let before: number[] = [];
  let last = Array.from({ length: Math.min(b.length, most) + 1 }, (_, j) => j);
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [];
    if (i <= most) row[0] = i;
    let least = row[0] ?? Infinity;
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const cell = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwap ? at(before, j - 2) + 1 : Infinity,
      );
      row[j] = cell;
      least = Math.min(least, cell);
    }
    // A swap reaches back two rows, so both must be beyond the bound.
    if (least > most && leastBefore > most) return null;
    leastBefore = least;
    [before, last] = [last, row];
  }
  const made = at(last, b.length);
  return made <= most ? made : null;
}

const at = (row: readonly number[], index: number) => row[index] ?? Infinity;
