import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bundleServer } from './bundle.ts';
import { mutations } from './mutations.ts';

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'teambrain-faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

it('there are the eight bugs of CK16', () => expect(mutations).toHaveLength(8));

it.each(mutations)('$name can be planted: the source still holds what it changes', async (one) => {
  const planted = readFileSync(await bundleServer(newFolder(), one), 'utf8');
  const clean = readFileSync(await bundleServer(newFolder()), 'utf8');
  expect(planted).not.toBe(clean);
});

it('a bug that no longer fits the source is refused', async () => {
  const [first] = mutations;
  if (!first) throw new Error('There are mutations');
  const edits = first.edits.map((edit) => ({ ...edit, find: 'this is nowhere' }));
  await expect(bundleServer(newFolder(), { ...first, edits })).rejects.toThrow(/no longer holds/);
});
