import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as search from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import * as summaries from '@teambrain/contract/summaries.ts';
import { hostileShapes, worstShapes } from './hostile-markdown.ts';
import { hashingEncoder } from '../src/testing/hashing-encoder.ts';
import { register, type Person } from '../src/testing/people.ts';
import { createSpace, post } from '../src/testing/space.ts';
import { createTestApp, type TestApp } from '../src/testing/test-app.ts';

describe('the bundle', () => {
  const root = join(import.meta.dirname, '../..');
  const packagesIn = async (entry: string) => {
    const { metafile } = await build({
      entryPoints: [join(root, 'server/src', entry)],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outdir: 'none',
      alias: { '@teambrain/contract': join(root, 'contract/src') },
    });
    const [output] = Object.values(metafile.outputs);
    return output?.imports.map(({ path }) => path).filter((path) => /mdast|micromark/.test(path));
  };

  it('of the server has no parser of Markdown; that of its reader has', async () => {
    expect(await packagesIn('main.ts')).toEqual([]);
    expect(await packagesIn('reader.worker.ts')).toContain('mdast-util-from-markdown');
  });
});

describe('a text made to freeze a parser', () => {
  /** On an idle machine the shapes take from five to fifteen seconds. */
  const FROZEN_MS = 4_000;
  let app: TestApp;
  let attacker: Person;
  let ana: Person;
  let space: string;

  beforeAll(async () => {
    app = await createTestApp({ encoder: hashingEncoder() });
    attacker = await register(app.url, 'Mallory');
    ana = await register(app.url, 'Ana');
    space = await createSpace(attacker, [ana]);
  });
  afterAll(() => app.close());

  /** On a busy machine an answer may take longer than an answer may. */
  const patiently = <T>(ask: () => Promise<T>) =>
    vi.waitFor(ask, { timeout: 60_000, interval: 500 });
  const idle = () => vi.waitFor(() => app.followers.idle(), { timeout: 240_000, interval: 100 });
  const find = async (q: string) =>
    (await ana.call(search.search, { query: { q } })).items.map(({ source }) => source.title);

  it.each(worstShapes)(
    'keeps nobody waiting, is found, summarised, and followed by the next: %s',
    async (shape) => {
      const text = hostileShapes[shape] ?? String;
      const delay = monitorEventLoopDelay({ resolution: 20 });
      delay.enable();
      const word = `zebra${shape.replace(/\W/g, '')}`;
      const params = { spaceId: space };
      const body = {
        kind: 'document' as const,
        title: shape,
        markdown: `${text(189_000)}\n\n${word}`,
      };
      const entry = await attacker.call(knowledge.createEntry, { params, body });
      await post(attacker, space, text(9_000));
      await post(ana, space, `The ${word} is fed at noon.`);
      const target = { kind: 'entry' as const, id: entry.id };
      const asked = patiently(() => ana.call(summaries.summarise, { params, body: { target } }));
      await ana.call(spaces.listMembers, { params });
      await idle();
      expect(await find(word)).toEqual(expect.arrayContaining([shape, '']));
      expect((await asked).sources).toBe(1);
      expect(delay.max / 1e6).toBeLessThan(FROZEN_MS);
    },
    120_000,
  );

  it('of any of the shapes leaves its words findable, and those of others', async () => {
    const params = { spaceId: space };
    const written = Object.entries(hostileShapes).map(([title, text], n) => {
      const markdown = `giraffe${n} comes first.\n\n${text(12_000)}\n\nokapi${n} comes last.`;
      return { kind: 'document' as const, title, markdown };
    });
    for (const body of written) await attacker.call(knowledge.createEntry, { params, body });
    for (const text of Object.values(hostileShapes)) await post(attacker, space, text(2_000));
    await post(ana, space, 'The tapir is asleep.');
    await idle();
    expect(await find('tapir')).toEqual(['']);
    for (const [n, { title }] of written.entries()) {
      expect([title, (await find(`giraffe${n}`))[0]]).toEqual([title, title]);
      expect([title, (await find(`okapi${n}`))[0]]).toEqual([title, title]);
    }
  }, 300_000);

  it('was read by the process that may be killed, which remembers what cost too much', async () => {
    const { overBudget } = app.reader.counts;
    expect(overBudget).toBeGreaterThan(0);
    const target = { kind: 'space' as const };
    await patiently(() =>
      ana.call(summaries.summarise, { params: { spaceId: space }, body: { target } }),
    );
    // What is near the bound may pass it now, on a busy machine; not all of it is read again.
    expect(app.reader.counts.overBudget - overBudget).toBeLessThan(overBudget / 2);
  }, 120_000);
});
