import { Writable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { createLog } from '../core/log.ts';
import { startProcess } from '../core/worker.ts';
import { createReaderHost, type ReaderHost } from './host.ts';

let lines: string[] = [];
let host: ReaderHost;

function open() {
  lines = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const start = () => startProcess(import.meta.url, '../../../test/stubborn.keeper.worker', 64);
  host = createReaderHost({ start, log: createLog('warn', sink) });
  return host;
}
afterEach(() => host.close());

const read = (...texts: string[]) => host.run({ name: 'read', input: texts, texts });
const isBusy = { code: 'busy' };

it.each(['loop', 'memory', 'crash'])(
  '%s costs the process, and the next text is read',
  async (fault) => {
    open();
    const both = [read('one', fault, 'two'), read('three')];
    expect(await Promise.all(both)).toEqual([['one: 0', `${fault}: 1`, 'two: 0'], ['three: 0']]);
    // The short ones were announced together first, so it took another to tell which one it was.
    expect(host.counts.started).toBe(3);
    expect(await read(fault, 'four')).toEqual([`${fault}: 1`, 'four: 0']);
    expect(host.counts.started).toBe(3);
  },
);

it('a long text is known at once, and read with as much care as it needs', async () => {
  open();
  const long = `loop 3 ${'x'.repeat(2_000)}`;
  expect(await read('one', long)).toEqual(['one: 0', `${long}: 3`]);
  expect(host.counts.started).toBe(4);
  expect(host.counts).toEqual({ started: 4, jobs: 1, overBudget: 3 });
});

it('a text at which the parser throws is read with care, and no word of it is logged', async () => {
  open();
  expect(await read('throw', 'one')).toEqual(['throw: 1', 'one: 0']);
  expect(host.counts.started).toBe(1);
  expect(lines.join('')).toMatch(/TypeError at .*stubborn/);
  expect(lines.join('')).not.toContain('CNRY');
});

it('no text is to blame for what all of them made of it: they are read with care once', async () => {
  open();
  const texts = ['one', 'two'];
  expect(await host.run({ name: 'think', input: texts, texts })).toEqual([2, 2]);
  expect(await read('one')).toEqual(['one: 0']);
});

it('a job that fails whatever it is given is refused, and the next one done', async () => {
  open();
  const unknown = { name: 'nothing', input: [], texts: ['one'] };
  await expect(host.run(unknown)).rejects.toMatchObject(isBusy);
  expect(await read('one')).toEqual(['one: 0']);
});

it('what a person waits for goes first', async () => {
  open();
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  await Promise.all([
    read('one').then(note('one')),
    read('two').then(note('two')),
    host.run({ name: 'read', input: [], texts: [], isUrgent: true }).then(note('urgent')),
  ]);
  expect(order).toEqual(['one', 'urgent', 'two']);
});

it('refuses more than it can keep waiting, and everything once it is closed', async () => {
  open();
  const large = 'x'.repeat(20_000_000);
  const first = host.run({ name: 'read', input: [], texts: [large] });
  await expect(host.run({ name: 'read', input: [], texts: [large] })).rejects.toMatchObject(isBusy);
  await first;
  const waiting = [read('loop 3'), read('one')];
  const refused = waiting.map((one) => expect(one).rejects.toMatchObject(isBusy));
  host.close();
  await Promise.all([...refused, expect(read('two')).rejects.toMatchObject(isBusy)]);
});

it('refuses where the process does not start', async () => {
  const start = () => startProcess(import.meta.url, 'nothing-here', 64);
  host = createReaderHost({ start, log: createLog('silent') });
  await expect(read('one')).rejects.toMatchObject(isBusy);
  await expect(read('two')).rejects.toMatchObject(isBusy);
});
