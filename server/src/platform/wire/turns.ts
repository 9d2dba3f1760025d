import type { MaybePromise } from '../core/maybe-promise.ts';

interface TurnsOptions {
  /** Tasks of one owner at a time. */
  each: number;
  /** Tasks of all together. */
  all: number;
}

/** Something to do; it never fails. */
type Task = () => MaybePromise<void>;

/** What somebody has under way, and what of theirs waits. */
interface Line {
  running: number;
  waiting: Task[];
}

/**
 * Turns for what takes memory while it is made. Each owner has so many tasks under way; where all
 * places are taken, one of each owner who waits comes next. Who asks for a thousand things waits for
 * their own, and others hardly wait for them.
 */
export class Turns {
  /** Tasks under way, and those that wait. */
  running = 0;
  waiting = 0;
  private readonly options: TurnsOptions;
  /** Of those with something under way or waiting; who was let in last is at the end. */
  private readonly lines = new Map<string, Line>();

  constructor(options: TurnsOptions) {
    this.options = options;
  }

  /** Begins with a task, now or later; it holds a place while its promise is open. */
  enter(owner: string, task: Task): void {
    const line = this.lines.get(owner);
    if (this.running < this.options.all && (!line || this.mayBegin(line))) {
      return this.begin(owner, task);
    }
    (line ?? this.open(owner)).waiting.push(task);
    this.waiting += 1;
  }

  /** A line's own order is kept: who waits goes before a newcomer. */
  private mayBegin({ running, waiting }: Line): boolean {
    return running < this.options.each && waiting.length === 0;
  }

  private open(owner: string): Line {
    const line: Line = { running: 0, waiting: [] };
    this.lines.set(owner, line);
    return line;
  }

  /** What is done at once, as most is, never takes a place. */
  private begin(owner: string, task: Task): void {
    const doing = task();
    if (!(doing instanceof Promise)) return;
    const line = this.lines.get(owner) ?? this.open(owner);
    line.running += 1;
    this.running += 1;
    const leave = () => {
      line.running -= 1;
      this.running -= 1;
      this.tidy(owner, line);
      if (this.waiting > 0) this.next();
    };
    doing.then(leave, leave);
  }

  private next(): void {
    const { each, all } = this.options;
    for (const [owner, line] of this.lines) {
      if (this.running >= all) return;
      const task = line.running < each ? line.waiting.shift() : undefined;
      if (!task) continue;
      this.waiting -= 1;
      // To the end, where this loop comes by again after the others.
      this.lines.delete(owner);
      this.lines.set(owner, line);
      this.begin(owner, task);
      this.tidy(owner, line);
    }
  }

  private tidy(owner: string, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) this.lines.delete(owner);
  }
}
