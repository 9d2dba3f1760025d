import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../../testing/folders.ts';
import { closeContents, openDataFolder } from './private-folder.ts';

const modeOf = (...path: string[]) => lstatSync(join(...path)).mode & 0o777;

describe('a data folder', () => {
  it('is made with its parents, for this user alone', () => {
    const top = folderOf({});
    openDataFolder(join(top, 'a/b/data'));
    expect(['a', 'a/b', 'a/b/data'].map((path) => modeOf(top, path))).toEqual([
      0o700, 0o700, 0o700,
    ]);
    expect(readdirSync(join(top, 'a/b/data'))).toEqual([]);
  });

  it('that was open to everybody is closed, with what TeamBrain put there', () => {
    const top = folderOf({
      'postgres/base/1/2619': 'rows',
      'postgres/PG_VERSION': '17',
      secret: 'hush',
      'models/encoder.onnx': 'weights',
      'replaced-20261127t101010z/postgres/PG_VERSION': '17',
    });
    const own = ['postgres/base', 'postgres/base/1', 'postgres', 'models', '.'];
    for (const path of own) chmodSync(join(top, path), 0o777);
    for (const path of ['postgres/base/1/2619', 'postgres/PG_VERSION', 'secret']) {
      chmodSync(join(top, path), 0o666);
    }
    openDataFolder(top);
    closeContents(top);
    const open = readdirSync(top, { recursive: true }).filter((path) => {
      return (modeOf(top, String(path)) & 0o077) !== 0;
    });
    expect([modeOf(top), open]).toEqual([0o700, []]);
    expect(modeOf(top, 'postgres/PG_VERSION')).toBe(0o600);
    expect(readFileSync(join(top, 'secret'), 'utf8')).toBe('hush');
  });

  it('keeps what is not ours as it is: other names, links, files with a second name', () => {
    const elsewhere = folderOf({ 'notes.txt': 'mine', shared: 'two names' });
    const top = folderOf({ 'holiday.jpg': 'x', 'postgres/PG_VERSION': '17' });
    chmodSync(join(top, 'holiday.jpg'), 0o644);
    for (const name of ['notes.txt', 'shared']) chmodSync(join(elsewhere, name), 0o644);
    symlinkSync(elsewhere, join(top, 'models'));
    symlinkSync(join(elsewhere, 'notes.txt'), join(top, 'postgres/link'));
    linkSync(join(elsewhere, 'shared'), join(top, 'postgres/shared'));
    openDataFolder(top);
    closeContents(top);
    expect(modeOf(top, 'holiday.jpg')).toBe(0o644);
    expect(['notes.txt', 'shared'].map((name) => modeOf(elsewhere, name))).toEqual([0o644, 0o644]);
  });
});

describe('a data folder that cannot be', () => {
  const file = () => join(folderOf({ file: 'x' }), 'file');
  const circle = () => {
    const top = folderOf({});
    symlinkSync(join(top, 'two'), join(top, 'one'));
    symlinkSync(join(top, 'one'), join(top, 'two'));
    return join(top, 'one');
  };
  const dangling = () => {
    const path = join(folderOf({}), 'link');
    symlinkSync('/nowhere/at/all', path);
    return path;
  };

  it.each<[string, () => string, RegExp]>([
    ['a file', file, /it is a file/],
    ['below a file', () => join(file(), 'data'), /it is a file, or lies below one/],
    ['in a place where the system makes none', () => '/proc/nowhere/data', /makes no folder there/],
    ['a link to nowhere', dangling, /no folder has that name/],
    ['below a link to nowhere', () => join(dangling(), 'data'), /no folder has that name/],
    ['a circle of links', circle, /circle|no folder has that name/],
    ['of a name too long', () => join(folderOf({}), 'x'.repeat(300)), /name is too long/],
    ['in the system’s own read-only files', () => '/sys/kernel', /may not write|read-only/],
  ])('is refused with a sentence: %s', (_, make, why) => {
    const path = make();
    const refusal = () => {
      openDataFolder(path);
    };
    expect(refusal).toThrow(why);
    expect(refusal).toThrow('Set DATA_DIR to a folder that this user may write.');
    expect(refusal).toThrow(path);
  });

  it('is one that this user may not write, unless the user is root', () => {
    const top = folderOf({});
    mkdirSync(join(top, 'shut'));
    chmodSync(join(top, 'shut'), 0o500);
    const open = () => {
      openDataFolder(join(top, 'shut/data'));
    };
    if (process.getuid?.() === 0) expect(open).not.toThrow();
    else expect(open).toThrow(/this user may not write there/);
    writeFileSync(join(top, 'note'), ''); // the folder above stays as it was
  });
});
