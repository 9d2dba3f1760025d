import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from '../../core/worker.ts';
import { EncoderQueue } from './encoder.queue.ts';
import { createShippedEncoder, WorkerEncoder } from './encoder.shipped.ts';
import { EncoderBusyError, type Encoder } from './encoder.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'teambrain-encoder-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

describe('the shipped encoder', () => {
  const log: string[] = [];
  let encoder: Encoder;

  beforeAll(async () => {
    encoder = await createShippedEncoder({ cacheDir, log: (message) => log.push(message) });
  });
  afterAll(() => encoder.close());

  it('leaves exactly one finished model file in the cache', () => {
    expect(readdirSync(cacheDir)).toEqual([
      expect.stringMatching(/^use-lite-0\.2\.0-g\d+-[0-9a-f]{16}\.int8\.onnx$/),
    ]);
    expect(log).toEqual([expect.stringMatching(/^encoder file made/)]);
  });

  it('gives unit vectors of the dimensions it names', async () => {
    const vectors = await encoder.encode(['A sentence.', '', '日本語'], 'document');
    for (const vector of vectors) {
      expect(vector).toHaveLength(encoder.dimensions);
      expect(cosine(vector, vector)).toBeCloseTo(1, 4);
    }
    expect(await encoder.encode([], 'query')).toEqual([]);
  });

  it('keeps the order of texts of any length', async () => {
    const texts = Array.from({ length: 40 }, (_, i) =>
      `Point ${i}: ${'more words '.repeat((i * 7) % 23)}`.trim(),
    );
    const together = await encoder.encode(texts, 'document');
    for (const i of [0, 9, 17, 39]) {
      const [alone] = await encoder.encode([texts[i]!], 'query');
      // Not 1: int8 scales depend on what else is in the batch.
      expect(cosine(together[i]!, alone!)).toBeGreaterThan(0.99);
      expect(cosine(together[(i + 1) % 40]!, alone!)).toBeLessThan(0.99);
    }
  });

  it('cuts a text beyond 128 pieces', async () => {
    const long = 'word '.repeat(128);
    const [a, b] = await encoder.encode([long, `${long}and a different ending`], 'document');
    expect(cosine(a!, b!)).toBeGreaterThan(0.999);
  });

  it('finds meaning without common words', async () => {
    const [question, leave, deploy, lunch] = await encoder.encode(
      ['How do I take a day off?', 'Requesting leave', 'Server deployment', 'Lunch menu'],
      'query',
    );
    expect(cosine(question!, leave!)).toBeGreaterThan(cosine(question!, deploy!) + 0.1);
    expect(cosine(question!, leave!)).toBeGreaterThan(cosine(question!, lunch!));
  });

  it('lets queries overtake documents', async () => {
    const order: string[] = [];
    const documents = Array.from({ length: 96 }, (_, i) => `Document ${i} about something`);
    await Promise.all([
      encoder.encode(documents, 'document').then(() => order.push('documents')),
      encoder.encode(['a question'], 'query').then(() => order.push('query')),
    ]);
    expect(order).toEqual(['query', 'documents']);
  });

  it('refuses more texts than may wait and goes on', async () => {
    const tooMany = Array.from({ length: 10_001 }, () => 'x');
    await expect(encoder.encode(tooMany, 'document')).rejects.toThrow(EncoderBusyError);
    await expect(encoder.encode(['still here'], 'document')).resolves.toHaveLength(1);
  });
});

describe('life and death of the worker', () => {
  const start = () => startProcess(import.meta.url, 'encoder.worker');

  it('rejects waiting calls on close and later ones too', async () => {
    const encoder = await createShippedEncoder({ cacheDir });
    const waiting = encoder.encode(['one', 'two'], 'document');
    const refused = expect(waiting).rejects.toThrow('closed');
    await Promise.all([encoder.close(), encoder.close()]);
    await refused;
    await expect(encoder.encode(['three'], 'query')).rejects.toThrow('closed');
  });

  it('ends its process by itself on close', async () => {
    const workers: ChildProcess[] = [];
    const encoder = new WorkerEncoder(() => workers[workers.push(start()) - 1]!, { cacheDir });
    await encoder.encode(['warm'], 'query');
    await encoder.close();
    expect(workers).toEqual([expect.objectContaining({ exitCode: 0, signalCode: null })]);
  });

  it('rejects waiting calls when the process dies and starts another for the next', async () => {
    const workers: ChildProcess[] = [];
    const encoder = new WorkerEncoder(() => workers[workers.push(start()) - 1]!, { cacheDir });
    await encoder.encode(['warm'], 'query');
    const calls = (['query', 'document'] as const).map((priority) =>
      expect(encoder.encode(['lost'], priority)).rejects.toThrow('The encoder died'),
    );
    workers[0]!.kill('SIGKILL');
    await Promise.all(calls);
    await expect(encoder.encode(['found'], 'query')).resolves.toHaveLength(1);
    expect(workers).toHaveLength(2);
    await encoder.close();
  });

  it('rejects when the process dies while it loads', async () => {
    const startAndKill = () => {
      const worker = start();
      worker.kill('SIGKILL');
      return worker;
    };
    const encoder = new WorkerEncoder(startAndKill, { cacheDir });
    await expect(encoder.ready()).rejects.toThrow('The encoder died');
    await expect(encoder.encode(['x'], 'query')).rejects.toThrow('The encoder died');
    await encoder.close();
  });

  it('replaces a damaged model file', async () => {
    const [name] = readdirSync(cacheDir);
    truncateSync(join(cacheDir, name!), 1_000_000);
    const log: string[] = [];
    const encoder = await createShippedEncoder({ cacheDir, log: (message) => log.push(message) });
    expect(log).toEqual([
      expect.stringContaining('is damaged'),
      expect.stringMatching(/^encoder file made/),
    ]);
    await encoder.close();
    expect(readdirSync(cacheDir)).toEqual([name]);
  });
});

describe('the queue', () => {
  const texts = (batch: ReturnType<EncoderQueue['next']>) => batch?.map(({ text }) => text);

  it('takes the shortest first, 16 at a time, of each line by itself', () => {
    const queue = new EncoderQueue(100);
    void queue.add(
      Array.from({ length: 20 }, (_, i) => 'd'.repeat(20 - i)),
      'document',
    );
    void queue.add(['long query', 'query'], 'query');
    expect(texts(queue.next('query'))).toEqual(['query', 'long query']);
    expect(texts(queue.next('document'))).toEqual(
      Array.from({ length: 16 }, (_, i) => 'd'.repeat(i + 1)),
    );
    expect(queue.next('document')).toHaveLength(4);
    expect(queue.next('document')).toBeUndefined();
  });

  it('takes 8 long texts at a time', () => {
    const queue = new EncoderQueue(100);
    void queue.add(new Array<string>(20).fill('x'.repeat(5000)), 'document');
    expect(queue.next('document')).toHaveLength(8);
  });

  it('drops the rest of a call that failed', async () => {
    const queue = new EncoderQueue(100);
    const failing = expect(queue.add(new Array<string>(20).fill('x'), 'document')).rejects.toThrow(
      'broken',
    );
    const other = queue.add(['y'], 'document');
    queue.fail(queue.next('document')!, new Error('broken'));
    await failing;
    const batch = queue.next('document')!;
    expect(texts(batch)).toEqual(['y']);
    queue.settle(batch, Float32Array.of(1, 2));
    expect(await other).toEqual([Float32Array.of(1, 2)]);
  });

  it('counts each priority for itself', async () => {
    const queue = new EncoderQueue(1);
    void queue.add(['a'], 'document');
    void queue.add(['b'], 'query');
    await expect(queue.add(['c'], 'document')).rejects.toThrow(EncoderBusyError);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
