import fc from 'fast-check';
import type { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { Outgoing, type Writable } from './outgoing.ts';

const LIMITS = { each: 1_000, all: 2_000, stuckMs: 10_000 };

/** Of a connection only its counts matter here; the real ones are in server/test/wire.test.ts. */
function connection(owner: string, isPatient = false) {
  const socket = {
    writableLength: 0,
    bytesWritten: 0,
    destroyed: false,
    destroy: () => (socket.destroyed = true),
    write(length: number) {
      socket.writableLength += length;
      socket.bytesWritten += length;
    },
    take: (length: number) => (socket.writableLength = Math.max(0, socket.writableLength - length)),
  };
  const writable: Writable = { socket: socket as unknown as Socket, owner, isPatient };
  return { socket, writable };
}

it('what was taken at once is not counted, what waits is until it is taken', () => {
  const outgoing = new Outgoing(LIMITS);
  const { socket, writable } = connection('a');
  outgoing.note(writable, Buffer.alloc(500));
  expect(outgoing.total).toBe(0);
  socket.write(600);
  outgoing.note(writable);
  expect(outgoing.total).toBe(600);
  socket.take(250);
  outgoing.sweep([writable]);
  expect(outgoing.total).toBe(350);
  socket.take(350);
  outgoing.sweep([writable]);
  expect(outgoing.total).toBe(0);
});

it('a buffer that waits for many counts once for all, and for each of their owners', () => {
  const outgoing = new Outgoing({ ...LIMITS, each: 450 });
  const shared = Buffer.alloc(400);
  const readers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((owner) => connection(owner));
  for (const { socket, writable } of readers) {
    socket.write(shared.length);
    outgoing.note(writable, shared);
  }
  expect([outgoing.total, outgoing.closed.full]).toEqual([400, 0]);
  const [first] = readers;
  first?.socket.write(100);
  if (first) outgoing.note(first.writable);
  expect([first?.socket.destroyed, outgoing.closed.full]).toEqual([true, 1]);
  for (const { socket, writable } of readers.slice(1)) {
    socket.take(400);
    outgoing.note(writable);
  }
  expect(outgoing.total).toBe(0);
});

it('who has most waiting loses the connection without progress for the longest', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const outgoing = new Outgoing({ ...LIMITS, each: 10_000, all: 20_000 });
  const [small, first, second] = [connection('a'), connection('b'), connection('b')];
  for (const [n, { socket, writable }] of [small, first, second].entries()) {
    clock.mockReturnValue(n);
    socket.write(n === 0 ? 5_000 : 9_000);
    outgoing.note(writable);
  }
  expect([small, first, second].map(({ socket }) => socket.destroyed)).toEqual([
    false,
    true,
    false,
  ]);
  // Others with little waiting go on; who has much waits while half of all is taken.
  expect([outgoing.hasRoom('c'), outgoing.hasRoom('b')]).toEqual([true, false]);
  clock.mockRestore();
});

it('no progress, or hardly any, closes a connection in time; sooner where much waits', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const outgoing = new Outgoing({ each: 100_000, all: 100_000, stuckMs: 10_000 });
  const [drip, steady, patient] = [connection('a'), connection('b'), connection('c', true)];
  const all = [drip, steady, patient].map(({ writable }) => writable);
  for (const { socket, writable } of [drip, steady, patient]) {
    socket.write(16_000);
    outgoing.note(writable);
  }
  for (let second = 1; second <= 11; second += 1) {
    clock.mockReturnValue(second * 1_000);
    drip.socket.take(1);
    if (second % 4 === 0) steady.socket.take(5_000);
    outgoing.sweep(all);
  }
  const ends = () => [drip, steady, patient].map(({ socket }) => socket.destroyed);
  expect(ends()).toEqual([true, false, false]);
  // Half of what may wait does: now nobody is patient.
  patient.socket.write(45_000);
  steady.socket.write(10_000);
  steady.socket.take(5_000);
  outgoing.sweep(all);
  clock.mockReturnValue(14_000);
  steady.socket.take(5_000);
  outgoing.sweep(all);
  expect([ends(), outgoing.closed]).toEqual([[true, false, true], { stuck: 2, full: 0 }]);
  clock.mockRestore();
});

it('whatever is written and taken, the bounds hold and nothing stays in the account', () => {
  const shared = [Buffer.alloc(120), Buffer.alloc(300)];
  const step = fc.record({
    line: fc.nat(5),
    write: fc.option(fc.nat(400)),
    chunk: fc.option(fc.constantFrom(...shared)),
    take: fc.nat(500),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const outgoing = new Outgoing(LIMITS);
      const lines = Array.from({ length: 6 }, (_, n) => connection(String(n % 3)));
      for (const { line, write, chunk, take } of steps) {
        const { socket, writable } = lines[line] as ReturnType<typeof connection>;
        if (socket.destroyed) continue;
        socket.take(take);
        socket.write(chunk?.length ?? write ?? 0);
        outgoing.note(writable, chunk);
        expect(outgoing.total).toBeLessThanOrEqual(LIMITS.all);
        for (const owner of ['0', '1', '2']) {
          const own = lines.filter(
            ({ writable: w, socket: s }) => w.owner === owner && !s.destroyed,
          );
          const owed = own.reduce((sum, { socket: s }) => sum + s.writableLength, 0);
          expect(owed).toBeLessThanOrEqual(LIMITS.each);
        }
      }
      for (const { socket } of lines) socket.take(Infinity);
      outgoing.sweep(lines.map(({ writable }) => writable));
      expect(outgoing.total).toBe(0);
    }),
  );
});
