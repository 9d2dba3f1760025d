import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { socketLimits } from '@teambrain/contract/socket.ts';
import { register } from '../../testing/people.ts';
import { openSocket } from '../../testing/socket.ts';
import { createSpace, post, upTo } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

const MESSAGES = 280;
/** 60 KB on the wire: each character is written as \u0001. */
const BULK = '\u0001'.repeat(9_900);

describe('a socket that stops reading', () => {
  it('costs the server a bounded buffer, the others nothing, and resumes without a loss', async () => {
    const app = await useTestApp();
    // Not what is looked at here: the index would read all that text.
    await app.followers.stop();
    const connections = new Set<Socket>();
    app.http.server.on('connection', (socket: Socket) => connections.add(socket));
    const owner = await register(app.url, 'Owner');
    const reader = await register(app.url, 'Reader');
    const space = await createSpace(owner, [reader]);
    const spaces = [{ id: space, after: 0 }];
    const slow = await openSocket(app.url, { token: reader.token, spaces });
    const quick = await openSocket(app.url, { token: owner.token, spaces });
    await slow.reaches(space, 3);

    slow.raw.pause();
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, ...[...connections].map(({ writableLength }) => writableLength));
    }, 5);
    const writers = upTo(4).map(async (writer) => {
      for (const n of upTo(MESSAGES / 4)) await post(owner, space, `${writer}/${n}${BULK}`);
    });
    await Promise.all(writers);
    const head = 3 + MESSAGES;
    await quick.reaches(space, head);
    expect(quick.seqs(space)).toEqual(upTo(head));
    expect(slow.seqs(space)).toEqual([1, 2, 3]);

    slow.raw.resume();
    await slow.reaches(space, head);
    clearInterval(look);
    expect(slow.seqs(space)).toEqual(upTo(head));
    expect(slow.events(space)).toEqual(quick.events(space));
    // It was held back indeed, and by no more than the limit and one frame beyond it.
    expect(slow.of('events').length).toBeGreaterThan(1);
    expect(most).toBeGreaterThan(socketLimits.maxBuffered / 2);
    expect(most).toBeLessThan(2 * socketLimits.maxBuffered);
    slow.close();
    quick.close();
  }, 90_000);
});
