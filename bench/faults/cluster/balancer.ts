import { get } from 'node:http';
import type { Line, Target } from './proxy.ts';

const PROBE_EVERY = 500;
const PROBE_WITHIN = 1_000;
/** A probe may fail once. */
const FAILURES = 2;

/**
 * Spreads connections over the instances that answer `/readyz`, as the usual balancer does: one that
 * answers nothing is taken out and what it held is cut; one that answers 503 gets nothing new.
 */
export class Balancer {
  readonly #instances: readonly Target[];
  readonly #proxies: readonly Line[];
  readonly #failures = new Map<string, number>();
  readonly #out = new Set<string>();
  #turn = 0;

  constructor(instances: readonly Target[], proxies: readonly Line[]) {
    this.#instances = instances;
    this.#proxies = proxies;
  }

  start(): void {
    setInterval(() => {
      for (const instance of this.#instances) void this.#probe(instance);
    }, PROBE_EVERY);
  }

  /** The next instance in turn, of those that can serve (of all when none can). */
  next(): Target | null {
    const fit = this.#instances.filter(({ name }) => !this.#out.has(name));
    const from = fit.length > 0 ? fit : this.#instances;
    this.#turn += 1;
    const one = from[this.#turn % from.length];
    return one ?? null;
  }

  /** It took no connection. */
  markOut({ name }: Target): void {
    this.#out.add(name);
    this.#failures.set(name, FAILURES);
  }

  async #probe(instance: Target): Promise<void> {
    const { name } = instance;
    let isFit = false;
    let isSilent = false;
    try {
      isFit = (await statusOf(instance.port)) === 200;
    } catch {
      isSilent = true;
    }
    if (isFit) {
      this.#failures.set(name, 0);
      this.#out.delete(name);
      return;
    }
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures);
    if (failures < FAILURES) return;
    const isNew = !this.#out.has(name) || failures === FAILURES;
    this.#out.add(name);
    if (isSilent && isNew) for (const proxy of this.#proxies) proxy.reset({ target: name });
  }
}

/** Of `/readyz` over a connection of its own, so that an instance that takes none is found out. */
function statusOf(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/readyz', agent: false };
    const request = get({ ...options, signal: AbortSignal.timeout(PROBE_WITHIN) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}
