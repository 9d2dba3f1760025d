import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newId } from '../../core/id.ts';
import { MissingFileError, type ByteRange, type Files, type LocalFile } from './files.ts';

/** A complete file in the folder for what comes in, as an upload leaves it. */
export function incomingFile(files: Files, bytes: Buffer): LocalFile {
  mkdirSync(files.incoming, { recursive: true });
  const path = join(files.incoming, newId());
  writeFileSync(path, bytes);
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export const contentOf = async (files: Files, key: string, range?: ByteRange): Promise<Buffer> =>
  buffer(await files.read(key, range));

async function listOf(files: Files): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for await (const { key, bytes } of files.list()) found[key] = bytes;
  return found;
}

/** What every store of files does. `open` gives an empty one, and another that shares its files. */
export function testFiles(open: () => Promise<readonly [Files, Files]>): void {
  describe('a store of files', () => {
    test('gives back what it took over, in all instances, and the local file is gone', async () => {
      const [files, other] = await open();
      await files.ready();
      const bytes = randomBytes(3_000_000);
      const key = newId();
      const file = incomingFile(files, bytes);
      await files.put(key, file);
      expect(existsSync(file.path)).toBe(false);
      expect((await contentOf(files, key)).equals(bytes)).toBe(true);
      expect((await contentOf(other, key)).equals(bytes)).toBe(true);
    });

    test('takes an empty file', async () => {
      const [files] = await open();
      const key = newId();
      await files.put(key, incomingFile(files, Buffer.alloc(0)));
      expect(await contentOf(files, key)).toEqual(Buffer.alloc(0));
      expect(await listOf(files)).toEqual({ [key]: 0 });
    });

    test('reads parts, with their first and last byte', async () => {
      const [files] = await open();
      const key = newId();
      await files.put(key, incomingFile(files, Buffer.from('abcdefghij')));
      const part = async (start: number, end: number) =>
        (await contentOf(files, key, { start, end })).toString();
      expect(await part(0, 1)).toBe('ab');
      expect(await part(3, 3)).toBe('d');
      expect(await part(2, 4)).toBe('cde');
      expect(await part(7, 9)).toBe('hij');
    });

    test('says that there is nothing under a key', async () => {
      const [files] = await open();
      await expect(files.read(newId())).rejects.toThrow(MissingFileError);
      await expect(files.read('../secret')).rejects.toThrow('A key of a file is a UUID');
    });

    test('a read that nobody takes further ends', async () => {
      const [files] = await open();
      const key = newId();
      await files.put(key, incomingFile(files, Buffer.alloc(5_000_000)));
      const bytes = await files.read(key);
      await new Promise((resolve) => bytes.once('data', resolve));
      bytes.destroy();
      await new Promise((resolve) => bytes.once('close', resolve));
      expect((await contentOf(files, key)).length).toBe(5_000_000);
    });

    test('forgets keys, also those that are not there, and the same ones again', async () => {
      const [files] = await open();
      const [kept, ...gone] = Array.from({ length: 13 }, newId) as [string, ...string[]];
      for (const key of [kept, ...gone]) {
        await files.put(key, incomingFile(files, Buffer.from(key)));
      }
      await files.remove([...gone, newId()]);
      await files.remove(gone);
      await files.remove([]);
      for (const key of gone) await expect(files.read(key)).rejects.toThrow(MissingFileError);
      expect(await listOf(files)).toEqual({ [kept]: 36 });
    });

    test('an empty one lists nothing', async () => {
      const [files] = await open();
      expect(await listOf(files)).toEqual({});
    });
  });
}
