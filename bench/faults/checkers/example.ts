import type { History, LoggedEvent, Mark, Op } from '../history.ts';
import { digestOfMessages } from '../clients/state.ts';

/** A space with an owner and a member, one message of each, and a protected one next door. */
export const ids = { space: 'space', vault: 'vault', ada: 'user-ada', bob: 'user-bob' };

export function logged(seq: number, more: Partial<LoggedEvent>): LoggedEvent {
  return {
    space: ids.space,
    seq,
    id: `event-${more.space ?? ids.space}-${seq}`,
    type: 'message.posted',
    subject: null,
    version: 1,
    actor: ids.ada,
    clientId: null,
    text: null,
    user: '',
    everyoneJoinsAnew: false,
    ...more,
  };
}

export function operation(n: number, more: Partial<Op>): Op {
  const invoke = more.invoke ?? n * 100;
  const end = more.end === undefined ? invoke + 20 : more.end;
  return {
    n,
    client: 0,
    user: ids.ada,
    kind: 'post',
    space: ids.space,
    subject: `message-${n}`,
    text: null,
    invoke,
    end,
    outcome: 'ok',
    seq: null,
    version: 1,
    code: null,
    isCut: false,
    attempts: [{ at: invoke, end: end ?? 0, status: null, result: 'ok' }],
    ...more,
  };
}

export const mark = (at: number, kind: Mark['mark'], seq: number, event?: string): Mark => ({
  at,
  mark: kind,
  seq,
  ...(event === undefined ? {} : { event }),
});

const FIRST = 'CNRY-space op-1 hello';
const SECOND = 'CNRY-space op-2 hello';

function events(): LoggedEvent[] {
  const { vault, ada, bob } = ids;
  const member = { type: 'member.joined', version: 1 };
  const post = (clientId: string, actor: string, text: string) => ({
    subject: clientId,
    clientId,
    actor,
    text,
  });
  return [
    logged(1, { type: 'space.created', subject: ids.space }),
    logged(2, { ...member, subject: ada, user: ada }),
    logged(3, { ...member, subject: bob, user: bob, actor: bob }),
    logged(4, post('message-1', ada, FIRST)),
    logged(5, post('message-2', bob, SECOND)),
    logged(1, { space: vault, type: 'space.created', subject: vault }),
    logged(2, { space: vault, ...member, subject: ada, user: ada }),
    logged(3, { space: vault, ...member, subject: bob, user: bob, actor: bob }),
    logged(4, { space: vault, type: 'member.removed', subject: bob, user: bob }),
    logged(5, { space: vault, ...post('message-3', ada, 'CNRY-vault op-3 secret') }),
  ];
}

/** A history in which nothing is wrong; a new one each time, so that a test can spoil it. */
export function goodHistory(): History {
  const messages = [
    { space: ids.space, id: 'message-1', seq: 4, version: 1, text: FIRST, inStream: true },
    { space: ids.space, id: 'message-2', seq: 5, version: 1, text: SECOND, inStream: true },
  ];
  const vaultMessages = [
    {
      space: ids.vault,
      id: 'message-3',
      seq: 5,
      version: 1,
      text: 'CNRY-vault op-3 secret',
      inStream: true,
    },
  ];
  const followed = { space: ids.space, isSlow: false };
  const marks = () => [
    mark(0, 'start', 3),
    mark(125, 'apply', 4, 'event-space-4'),
    mark(225, 'apply', 5, 'event-space-5'),
  ];
  const digest = { space: ids.space, floor: 0, cursor: 5, isFresh: false };
  const same = digestOfMessages(messages);
  return {
    seed: 1,
    profile: 'example',
    start: 0,
    end: 1_000,
    ops: [
      operation(1, { text: FIRST, seq: 4, file: { id: 'file-1', sha256: 'a1' } }),
      operation(2, { client: 1, user: ids.bob, text: SECOND, seq: 5 }),
      operation(3, { space: ids.vault, text: 'CNRY-vault op-3 secret', seq: 5 }),
      operation(4, { kind: 'react', subject: 'message-2', emoji: '👍', on: true }),
      operation(5, { kind: 'read-mark', subject: ids.ada, told: 5, seq: 5 }),
      operation(6, { kind: 'read-mark', subject: ids.ada, told: 4, seq: 5 }),
    ],
    reads: [
      { client: 0, space: ids.space, subject: 'message-1', at: 130, end: 140, result: 'fresh' },
    ],
    probes: [{ what: 'ended-session', at: 500, age: 1_000, grace: 1_000, isAccepted: false }],
    streams: [
      { client: 0, user: ids.ada, ...followed, marks: marks() },
      { client: 1, user: ids.bob, ...followed, marks: marks() },
    ],
    arrivals: [
      { client: 0, user: ids.ada, space: ids.vault, seq: 5, at: 330 },
      { client: 1, user: ids.bob, space: ids.space, seq: 5, at: 225 },
    ],
    faults: [{ kind: 'X4', target: '', start: 150, end: 250 }],
    samples: [{ at: 10, instance: 'instance 1', pid: 1, rssMiB: 100, files: 30 }],
    exits: [{ instance: 'instance 1', at: 160, how: 'SIGKILL', isExpected: true }],
    alarms: [],
    mechanisms: { gapsRepaired: 1, retriesDeduplicated: 1, resets: 1, pulls: 1, hintsTampered: 1 },
    final: {
      events: events(),
      spaces: [
        { id: ids.space, visibility: 'public', lastSeq: 5, owner: ids.ada },
        { id: ids.vault, visibility: 'protected', lastSeq: 5, owner: ids.ada },
      ],
      messages: [...messages, ...vaultMessages],
      reactions: [{ message: 'message-2', user: ids.ada, emoji: '👍' }],
      marks: [{ space: ids.space, user: ids.ada, seq: 5 }],
      files: { read: [{ id: 'file-1', status: 200, sha256: 'a1' }], left: 0, strays: 0 },
      digests: [
        { client: 0, digest: same, ...digest },
        { client: 1, digest: same, ...digest },
      ],
      convergedMs: 100,
      findings: [{ check: 'gaps', count: 0 }],
    },
  };
}
