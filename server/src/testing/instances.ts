import { randomUUID } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { createShippedEncoder } from '../platform/ports/ai/encoder.shipped.ts';
import type { Encoder } from '../platform/ports/ai/encoder.ts';
import { callAs, type Person } from './people.ts';
import { createServerDatabase } from './template.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** One encoder for all instances of a test file, which they do not close. */
export async function shareEncoder(): Promise<{ encoder: Encoder; end(): Promise<void> }> {
  const own = await createShippedEncoder({ cacheDir: `${inject('modelDir')}/models` });
  const encoder: Encoder = {
    model: own.model,
    dimensions: own.dimensions,
    encode: (texts, priority) => own.encode(texts, priority),
    close: () => Promise.resolve(),
  };
  return { encoder, end: () => own.close() };
}

/**
 * Instances of one installation on a PostgreSQL database of their own, one for each address of
 * their Redis (the same, or ways to it that can fail); gone when the test ends.
 */
export async function useInstances(redisUrls: string[], encoder: Encoder): Promise<TestApp[]> {
  const template = inject('serverTemplate');
  if (!template) throw new Error('Several instances need PostgreSQL (project server-postgres)');
  const { url, drop } = await createServerDatabase(template);
  const secret = randomUUID().repeat(2);
  const apps: TestApp[] = [];
  onTestFinished(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await drop();
  });
  for (const redisUrl of redisUrls) {
    apps.push(await createTestApp({ encoder, config: { databaseUrl: url, redisUrl, secret } }));
  }
  return apps;
}

/** The same person, calling another instance. */
export const at = (app: TestApp, person: Person): Person => ({
  ...person,
  call: callAs(app.url, person.token),
});
