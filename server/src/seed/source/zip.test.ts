import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { ARCHIVE_CAPS, openZip, type ArchiveCaps } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'teambrain-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small: ArchiveCaps = { ...ARCHIVE_CAPS, floor: 10_000, entries: 5, perEntry: 5_000_000 };
const text = strToU8('[]');

async function open(
  entries: Zippable,
  change: (zip: Uint8Array) => Uint8Array | void = () => undefined,
  caps = small,
) {
  const file = join(folder, 'export.zip');
  const zip = zipSync(entries);
  writeFileSync(file, change(zip) ?? zip);
  return openZip(file, caps);
}

/** Overwrites a name wherever it is, byte for byte. */
function rename(zip: Uint8Array, from: string, to: Uint8Array): Uint8Array {
  const bytes = Buffer.from(zip);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.set(to, at);
  return bytes;
}

describe('openZip', () => {
  it('lists files by labels below its top, whatever their names say', async () => {
    const zip = await open({
      'b/2024.json': [text, { level: 0 }],
      '../../b/c.json': text,
      'a\\d.json': text,
      '.DS_Store': text,
      '__MACOSX/b/._2024.json': text,
    });
    expect(zip.files.map(({ label }) => label)).toEqual(['a/d.json', 'b/2024.json', 'b/c.json']);
    expect(zip.left.map(({ what }) => what)).toEqual(['.DS_Store', '__MACOSX']);
    expect(Buffer.from(await zip.read('a/d.json')).toString()).toBe('[]');
    await zip.close();
  });

  it('keeps both of two files with one name', async () => {
    const zip = await open({ 'a.md': strToU8('one'), 'b.md': strToU8('two') }, (bytes) =>
      rename(bytes, 'b.md', strToU8('a.md')),
    );
    expect(zip.files.map(({ label }) => label)).toEqual(['a (2).md', 'a.md']);
    expect(Buffer.from(await zip.read('a (2).md')).toString()).toBe('two');
    await zip.close();
  });

  it.each([
    ['UTF-8 without its flag', Buffer.from('büro/開発'), 'büro/開発'],
    ['code page 437', Buffer.from('62816f2e6d64787878787878', 'hex'), 'büo.mdxxxxxx'],
    [
      'Shift-JIS',
      Buffer.from('8b63 8e96 985e 82cc 8b4c 985e'.replaceAll(' ', ''), 'hex'),
      '議事録の記録',
    ],
  ])('reads names in %s', async (_, name, label) => {
    const placeholder = 'x'.repeat(name.length);
    const zip = await open({ [placeholder]: text }, (bytes) => rename(bytes, placeholder, name));
    expect(zip.files.map((file) => file.label)).toEqual([label]);
    await zip.close();
  });

  it.each<[string, Zippable, string]>([
    [
      'too many files',
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}`, text])),
      'more than 5 files',
    ],
    ['an overlong name', { [`${'d/'.repeat(600)}channels.json`]: text }, 'overlong name'],
  ])('refuses %s', async (_, entries, message) => {
    await expect(open(entries)).rejects.toThrow(message);
  });

  it('refuses a bomb once it unpacks to more than it may, and one file that is too large', async () => {
    const bomb = await open({ x: new Uint8Array(4_000_000), y: new Uint8Array(4_000_000) });
    const both = async () => [await bomb.read('x'), await bomb.read('y')];
    await expect(both()).rejects.toThrow('far more than its size allows');
    await bomb.close();
    const caps = { ...ARCHIVE_CAPS, perEntry: 5_000 };
    const large = await open({ x: new Uint8Array(20_000), y: text }, undefined, caps);
    await expect(large.read('x')).rejects.toThrow('larger than');
    expect(await large.read('y')).toHaveLength(2);
    await large.close();
  });

  it('refuses entries that share bytes', async () => {
    const overlapping = open(
      { 'a.md': [text, { level: 0 }], 'b.md': [text, { level: 0 }] },
      (zip) => {
        const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
        // The second entry of the directory points to the first one's data.
        const second = Buffer.from(zip).lastIndexOf('PK\x01\x02');
        view.setUint32(second + 42, 0, true);
      },
    );
    await expect(overlapping).rejects.toThrow('overlap');
  });

  it('finds one damaged file, and goes on with the others', async () => {
    const zip = await open({ 'a.md': strToU8('x'.repeat(500)), 'b.md': text }, (bytes) => {
      bytes.fill(255, 36, 40);
    });
    await expect(zip.read('a.md')).rejects.toThrow('damaged');
    expect(await zip.read('b.md')).toHaveLength(2);
    await zip.close();
    const lying = await open({ 'a.md': [strToU8('abcdef'), { level: 0 }] }, (bytes) =>
      rename(bytes, 'abcdef', strToU8('abcdeX')),
    );
    await expect(lying.read('a.md')).rejects.toThrow('checksum');
    await lying.close();
  });

  it.each([
    [12, 'compressed with bzip2, and only deflate can be read'],
    [93, 'compressed with Zstandard'],
    [99, 'encrypted'],
    [4_711, 'compressed in an unknown way (method 4711)'],
  ])('says in words how a file is packed that cannot be read: method %d', async (method, words) => {
    const zip = await open({ 'a.md': strToU8('abc'.repeat(99)) }, (bytes) => {
      const directory = Buffer.from(bytes).indexOf('PK\x01\x02');
      new DataView(bytes.buffer, bytes.byteOffset).setUint16(directory + 10, method, true);
    });
    await expect(zip.read('a.md')).rejects.toThrow(words);
    await zip.close();
  });

  it('refuses what is cut off and what is no zip', async () => {
    await expect(open({ 'a.md': text }, (zip) => zip.slice(0, 44))).rejects.toThrow(
      'cannot be read',
    );
    await expect(open({}, () => strToU8('hello'))).rejects.toThrow('cannot be read as a zip');
  });
});
