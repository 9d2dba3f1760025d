import { count, duration, type Progress } from './progress.ts';
import type { Plan } from './recognise.ts';
import type { Written } from './write-seed.ts';

/** Prints what came of an import: each space, and then the books of each source. */
export function report(
  progress: Progress,
  plans: readonly Pick<Plan, 'path' | 'ledger'>[],
  written: readonly Written[],
): void {
  for (const space of written) progress.say(`  ${spaceLine(space)}`);
  for (const space of written) if (space.older > 0) progress.say(olderLine(space));
  for (const { path, ledger } of plans) {
    progress.say(`What was in ${path}:`);
    for (const line of ledger.lines()) progress.say(line);
  }
}

function spaceLine({ name, unit, added, present, refused, older, people, ms }: Written): string {
  const by = people > 0 ? ` by ${count(people)} people` : '';
  const before = present > 0 ? `, ${count(present)} were there` : '';
  const not = refused > 0 ? `, ${count(refused)} deleted or replaced here and left so` : '';
  const late = older > 0 ? `, ${count(older)} refused` : '';
  return `${name}: ${count(added)} ${unit}${by} added in ${duration(ms)}${before}${not}${late}`;
}

function olderLine({ name, older, newest }: Written): string {
  const since = new Date(newest).toISOString().slice(0, 16).replace('T', ' ');
  return (
    `Refused in ${name}: ${count(older)} messages that are older than the newest one there ` +
    `(${since} UTC). A space keeps the order in which it was written. To have all of them, import ` +
    'once more with --new-spaces: they go into a new space beside this one.'
  );
}
