import type { Message } from '@teambrain/contract/chat.ts';
import { describe, expect, it } from 'vitest';
import { buildRows } from './list/chat.rows.ts';
import {
  countReply,
  joinPage,
  putMessage,
  removeMessage,
  replaceState,
  type MessageWindow,
} from './chat.window.ts';
import { withSource } from './quotes/window-quotes.ts';

const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    spaceId: 's',
    seq,
    version: 1,
    author: ada,
    text: `text ${seq}`,
    createdAt: new Date(Date.UTC(2026, 0, 5, 12, seq)).toISOString(),
    editedAt: null,
    deletedAt: null,
    threadId: null,
    inSpace: false,
    files: [],
    quote: null,
    ...more,
  };
}

const live = (...seqs: number[]): MessageWindow => ({
  items: seqs.map((seq) => message(seq)),
  previous: null,
  next: null,
  states: new Map(),
  reactions: new Map(),
  pins: new Map(),
  quotes: new Map(),
  head: Math.max(...seqs),
  thread: null,
});
const seqs = (window: MessageWindow) => window.items.map((one) => one.seq);

describe('a window of messages', () => {
  it('takes a message once, whichever way and however often it comes', () => {
    const once = putMessage(live(1, 2), message(3));
    expect(seqs(once)).toEqual([1, 2, 3]);
    expect(putMessage(once, message(3))).toBe(once);
  });

  it('keeps the order of the log when messages come out of turn', () => {
    expect(seqs(putMessage(putMessage(live(1), message(4)), message(2)))).toEqual([1, 2, 4]);
  });

  it('lets the newest version win', () => {
    const edited = putMessage(live(1), message(1, { version: 3, text: 'third' }));
    const late = putMessage(edited, message(1, { version: 2, text: 'second' }));
    expect(late.items[0]?.text).toBe('third');
  });

  it('brings no deleted text back', () => {
    const gone = removeMessage(live(1), { id: 'm1', version: 2, deletedAt: 'now' });
    expect(gone.items[0]).toMatchObject({ text: '', deletedAt: 'now' });
    expect(putMessage(gone, message(1)).items[0]?.text).toBe('');
  });

  it('leaves out what lies beyond a window that is not at the live end', () => {
    const window = { ...live(5, 6), previous: '5', next: '6' };
    expect(putMessage(window, message(9))).toBe(window);
    expect(putMessage(window, message(2))).toBe(window);
    expect(putMessage(window, message(5, { version: 2 })).items[0]?.version).toBe(2);
  });

  it('joins older pages without doubling', () => {
    const page = {
      items: [message(3), message(4)],
      previous: '3',
      next: '4',
      head: 9,
      states: [],
      thread: null,
    };
    const joined = joinPage({ ...live(4, 5), previous: '4' }, page, 'older');
    expect(seqs(joined)).toEqual([3, 4, 5]);
    expect(joined).toMatchObject({ previous: '3', next: null });
  });
});

describe('what is under a root', () => {
  const reply = (seq: number, more: Partial<Message> = {}) =>
    message(seq, { threadId: 'm1', author: ben, ...more });
  const stateOf = (window: MessageWindow) => window.states.get('m1');

  it('grows with each reply once, whoever replies last in front', () => {
    const two = countReply(countReply(live(1), reply(2)), reply(3, { author: ada }));
    expect(stateOf(two)).toMatchObject({ replies: 2, faces: [ada, ben] });
    expect(stateOf(two)?.lastReplyAt).toBe(message(3).createdAt);
    expect(countReply(two, reply(2))).toBe(two);
    expect(countReply(two, reply(3))).toBe(two);
  });

  it('takes account of what the page said, and not of what came before it', () => {
    const thread = { replies: 5, lastReplyAt: null, faces: [ada] };
    const page = {
      ...live(1),
      states: [{ id: 'm1', thread, reactions: [], pin: null, quote: null }],
      head: 9,
    };
    const joined = joinPage({ ...live(7), head: 9 }, { ...page, items: [message(1)] }, 'older');
    expect(countReply(joined, reply(8))).toBe(joined);
    expect(stateOf(countReply(joined, reply(10)))?.replies).toBe(6);
  });

  it('is what the deletion of a reply says, unless it was older', () => {
    const one = countReply(live(1), reply(4));
    const gone = { replies: 0, lastReplyAt: null, faces: [], asOf: 5 };
    expect(stateOf(replaceState(one, 'm1', gone))?.replies).toBe(0);
    expect(replaceState(one, 'm1', { ...gone, asOf: 3 })).toBe(one);
  });

  it('is of roots that the window has', () => {
    const window = live(2);
    expect(countReply(window, reply(5))).toBe(window);
    expect(countReply(window, message(5))).toBe(window);
  });
});

describe('a quotation', () => {
  const from = { spaceId: 'space', id: 'source' };
  const words = { author: ada, at: message(1).createdAt, text: 'before' };
  const known = new Map([['m2', { from, words, isChanged: false }]]);

  it('follows the edits of a message of its space, and has no words once that is deleted', () => {
    const edited = withSource(known, from, message(1, { text: 'after' }), 'space').get('m2');
    expect(edited?.words?.text).toBe('after');
    expect(withSource(known, from, null, 'space').get('m2')).toEqual({
      from,
      words: null,
      isChanged: false,
    });
  });

  it('of another space has no words any more after an edit', () => {
    const edited = withSource(known, from, message(1, { text: 'after' }), 'other').get('m2');
    expect(edited).toEqual({ from, words: null, isChanged: true });
  });

  it('of something else stays as it is', () => {
    expect(withSource(known, { ...from, id: 'another' }, null, 'space')).toBe(known);
  });
});

describe('the rows of the list', () => {
  const rows = (messages: Message[], more = {}) =>
    buildRows({
      messages,
      states: new Map(),
      reactions: new Map(),
      pins: new Map(),
      quotes: new Map(),
      pending: [],
      me: { id: 'me', name: 'Me' },
      isStart: false,
      seen: null,
      ...more,
    });
  const shape = (list: ReturnType<typeof rows>) =>
    list.map((row) => ('isFirst' in row ? `${row.type}${row.isFirst ? '*' : ''}` : row.type));

  it('groups by author and time', () => {
    const list = rows([
      message(1),
      message(2),
      message(3, { author: ben }),
      message(20, { author: ben }),
    ]);
    expect(shape(list)).toEqual(['day', 'message*', 'message', 'message*', 'message*']);
  });

  it('divides days', () => {
    const other = message(2, { createdAt: new Date(Date.UTC(2026, 0, 7, 12)).toISOString() });
    expect(shape(rows([message(1), other]))).toEqual(['day', 'message*', 'day', 'message*']);
  });

  it('draws the new line before the first message of someone else', () => {
    const mine = message(2, { author: { id: 'me', name: 'Me' } });
    const list = rows([message(1), mine, message(3), message(4)], { seen: 1 });
    expect(shape(list)).toEqual(['day', 'message*', 'message*', 'new', 'message*', 'message']);
  });

  it('shows what is being sent until it has arrived', () => {
    const { createdAt, threadId, inSpace } = message(9);
    const pending = [
      { id: 'm9', text: 'hi', createdAt, threadId, inSpace, files: [], failure: null },
    ];
    const sending = rows([message(1)], { pending }).at(-1);
    expect(sending).toMatchObject({
      type: 'message',
      key: 'm9',
      message: { text: 'hi' },
      pending: pending[0],
    });
    expect(shape(rows([message(9)], { pending }))).toEqual(['day', 'message*']);
  });
});
