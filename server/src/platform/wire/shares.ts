/** The places of an address: who holds them, and what frees each. */
type Places = Map<Holder, () => void>;

/** What holds a place. */
export interface Holder {
  /** The millisecond (performance.now) from which on it has been waited for. */
  since: number;
  /** Whether it waits for its client now; one that is being served is not cut. */
  isWaiting(): boolean;
  /** Ends it: somebody else needs the place. */
  cut(): void;
}

interface ShareOptions {
  /** Places of one address. */
  each: number;
  /** Places of all together. */
  all: number;
}

/**
 * Places for what waits for its client. Newcomers are let in: where an address, or all together,
 * hold one too many, the holder makes room that has been waited for the longest, of the address
 * itself or of the one that holds most. Thus who does what it came for is never shut out by those who
 * only wait, not even by those of its own address.
 */
export class Shares {
  /** How often somebody was cut to make room. */
  cuts = 0;
  private readonly options: ShareOptions;
  private readonly holders = new Map<string, Places>();
  private held = 0;

  constructor(options: ShareOptions) {
    this.options = options;
  }

  get size(): number {
    return this.held;
  }

  /**
   * Takes a place; gives the function that leaves it, which may be called twice.
   * @param address whose share it is; null for a proxy, which has no share of its own
   */
  enter(address: string | null, holder: Holder): () => void {
    const key = address ?? '';
    const own = this.holders.get(key) ?? new Map<Holder, () => void>();
    const leave = () => this.leave(key, own, holder);
    this.holders.set(key, own.set(holder, leave));
    this.held += 1;
    if (address !== null && own.size > this.options.each) this.makeRoom(own, leave, holder);
    else if (this.held > this.options.all) this.makeRoom(this.largest(), leave, holder);
    return leave;
  }

  private leave(key: string, own: Places, holder: Holder): void {
    if (!own.delete(holder)) return;
    this.held -= 1;
    if (own.size === 0) this.holders.delete(key);
  }

  /** Cuts the one that has been waited for the longest; where all are served, the newcomer. */
  private makeRoom(among: Places, leave: () => void, newcomer: Holder): void {
    let longest: Holder | null = null;
    for (const one of among.keys()) {
      const isLonger = longest === null || one.since < longest.since;
      if (one !== newcomer && isLonger && one.isWaiting()) longest = one;
    }
    this.cuts += 1;
    // At once: its end may take a moment, and somebody else come meanwhile.
    (longest ? among.get(longest) : leave)?.();
    (longest ?? newcomer).cut();
  }

  private largest(): Places {
    let most: Places = new Map<Holder, () => void>();
    for (const own of this.holders.values()) if (own.size > most.size) most = own;
    return most;
  }
}
