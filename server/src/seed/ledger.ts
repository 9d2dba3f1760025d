/** Why some of a source's items were left out, with the first few of them by name. */
export interface Left {
  count: number;
  examples: string[];
}

interface Unit {
  found: number;
  kept: number;
  left: Map<string, Left>;
}

const EXAMPLES = 5;

/**
 * The books of one import: every item of the source (files, messages) is found once, and then kept
 * or left out for a reason; what changed inside the items that were kept is noted. The report prints
 * it, and whatever the books do not explain.
 */
export class Ledger {
  readonly units = new Map<string, Unit>();
  readonly notes = new Map<string, Left>();

  find(unit: string, count = 1): void {
    this.unit(unit).found += count;
  }

  keep(unit: string, count = 1): void {
    this.unit(unit).kept += count;
  }

  leave(unit: string, reason: string, example = '', count = 1): void {
    add(this.unit(unit).left, reason, example, count);
  }

  /** Leaves out what had been kept: it turned out later that it could not be. */
  recant(unit: string, reason: string, count: number): void {
    if (count === 0) return;
    this.unit(unit).kept -= count;
    this.leave(unit, reason, '', count);
  }

  /** Something within kept items that is other than in the source. */
  note(what: string, count = 1, example = ''): void {
    if (count > 0) add(this.notes, what, example, count);
  }

  /** How many items of a unit were neither kept nor left out; below 0 if some were counted twice. */
  missing(unit: string): number {
    const { found, kept, left } = this.unit(unit);
    return found - kept - [...left.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** The books as lines, indented by two. */
  lines(): string[] {
    const lines: string[] = [];
    for (const [name, { found, kept, left }] of this.units) {
      const out = [...left.values()].reduce((sum, { count }) => sum + count, 0);
      if (found === 0 && out === 0) continue;
      lines.push(`  ${n(found)} ${name}: ${n(kept)} taken, ${n(out)} left out`);
      for (const [reason, what] of left) lines.push(`    ${n(what.count)} ${reason}${named(what)}`);
      const missing = this.missing(name);
      if (missing !== 0) lines.push(`    ${n(missing)} not accounted for: please report this`);
    }
    if (this.notes.size > 0) lines.push('  Within what was taken:');
    for (const [what, of] of this.notes) lines.push(`    ${n(of.count)} ${what}${named(of)}`);
    return lines;
  }

  private unit(name: string): Unit {
    const unit = this.units.get(name) ?? { found: 0, kept: 0, left: new Map<string, Left>() };
    this.units.set(name, unit);
    return unit;
  }
}

function add(to: Map<string, Left>, what: string, example: string, count: number): void {
  const entry = to.get(what) ?? { count: 0, examples: [] };
  entry.count += count;
  if (example && entry.examples.length < EXAMPLES && !entry.examples.includes(example)) {
    entry.examples.push(example);
  }
  to.set(what, entry);
}

const n = (count: number) => count.toLocaleString('en');

function named({ count, examples }: Left): string {
  if (examples.length === 0) return '';
  const shown = examples.map((example) => example.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 200));
  return `: ${shown.join(', ')}${count > examples.length ? ', …' : ''}`;
}
