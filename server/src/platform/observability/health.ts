import type { FastifyInstance } from 'fastify';

/** How long the database may take to answer a probe, less than probes wait: 503 is an answer, silence a dead instance. */
const PATIENCE_MS = 800;

export interface HealthSources {
  /** The instance is about to stop: balancers should send nothing more here. */
  isDraining(): boolean;
  /** Resolves when the database answered. */
  ping(): Promise<unknown>;
}

/**
 * `/livez` (the process runs) and `/readyz` (it can serve: not draining, database there). However
 * many probes come, one question at a time goes to the database.
 */
export function addHealth(http: FastifyInstance, sources: HealthSources): void {
  const isReachable = single(() => inTime(sources.ping()));
  http.get('/livez', () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const isReady = !sources.isDraining() && (await isReachable()) && !sources.isDraining();
    return reply
      .status(isReady ? 200 : 503)
      .header('Cache-Control', 'no-store')
      .send({ status: isReady ? 'ok' : 'unavailable' });
  });
}

/** Whether it came in time and without an error; an error here is an answer, not a failure. */
function inTime(answer: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    answer
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}

function single<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () =>
    (asked ??= ask().finally(() => {
      asked = null;
    }));
}
