import { createHash } from 'node:crypto';
import { postMessage } from '@teambrain/contract/chat.ts';
import { uploadFile } from '@teambrain/contract/files.ts';
import { reactToMessage } from '@teambrain/contract/reactions.ts';
import { putReadMark } from '@teambrain/contract/unread.ts';
import { newId } from '@teambrain/client/id.ts';
import type { BenchClient } from './client.ts';
import type { PlannedOp } from '../schedule.ts';
import { begin, persist, type BenchSpace, type World } from './world.ts';

/** What people do beside posting: replies, reactions, read marks and files. */

const EMOJI = ['👍', '🎉', '❤️', '👀', '🚀'];

/** One of the last messages this client knows of the space. */
function pickRecent(client: BenchClient, space: BenchSpace, pick: number): string | undefined {
  const recent = client.views.get(space.id)?.chat.recent() ?? [];
  return recent[Math.floor(pick * recent.length)];
}

export async function reply(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  planned: PlannedOp,
): Promise<void> {
  const threadId = pickRecent(client, space, planned.pick);
  if (threadId === undefined) return;
  const id = newId();
  const op = begin(world, client, space, { kind: 'post', subject: id, says: true });
  op.root = threadId;
  const body = { id, text: op.text ?? '', threadId, inSpace: planned.pick < 0.2 };
  const params = { spaceId: space.id };
  if (planned.isCut) client.link.cutNextAnswer();
  op.isCut = planned.isCut;
  const { version } = await persist(world, client, space, op, () =>
    client.call(postMessage, { params, body }),
  );
  client.keepOwn(id, space.id, version);
}

/** Adds one's own emoji, or takes it back; one request about it at a time, so that the last one counts. */
export async function react(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  planned: PlannedOp,
): Promise<void> {
  const known = client.reactions.filter((one) => one.space === space.id);
  const isBack = planned.pick < 0.3 && known.length > 0;
  const picked = known[Math.floor((planned.pick / 0.3) * known.length)];
  const messageId = isBack ? picked?.message : pickRecent(client, space, planned.pick);
  const emoji = isBack ? picked?.emoji : EMOJI[Math.floor(planned.pick * 1_000) % EMOJI.length];
  if (messageId === undefined || emoji === undefined) return;
  const key = `${messageId} ${emoji}`;
  if (client.busy.has(key)) return;
  client.busy.add(key);
  try {
    const op = begin(world, client, space, { kind: 'react', subject: messageId });
    Object.assign(op, { emoji, on: !isBack });
    const params = { spaceId: space.id, messageId };
    const body = { emoji, on: !isBack };
    await persist(world, client, space, op, () => client.call(reactToMessage, { params, body }));
    const others = client.reactions.filter((one) => `${one.message} ${one.emoji}` !== key);
    const own = isBack ? [] : [{ space: space.id, message: messageId, emoji }];
    client.reactions = [...others, ...own].slice(-50);
  } finally {
    client.busy.delete(key);
  }
}

/** Says how far this client has read, and now and then, as another window of theirs, less than that. */
export async function readMark(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  planned: PlannedOp,
): Promise<void> {
  const cursor = client.cursor(space.id);
  if (cursor === null || cursor < 1) return;
  await tellMark(world, client, space, cursor);
  if (planned.pick < 0.5) {
    await tellMark(world, client, space, Math.max(1, cursor - Math.ceil(planned.pick * 20)));
  }
}

async function tellMark(world: World, client: BenchClient, space: BenchSpace, told: number) {
  const op = begin(world, client, space, { kind: 'read-mark', subject: client.userId });
  op.told = told;
  const params = { spaceId: space.id };
  await persist(world, client, space, op, () =>
    client.call(putReadMark, { params, body: { seq: told } }),
  );
}

/** Uploads a file and posts it; its message may be deleted later, as others are. */
export async function file(
  world: World,
  client: BenchClient,
  space: BenchSpace,
  planned: PlannedOp,
): Promise<void> {
  const fileId = newId();
  const params = { spaceId: space.id };
  const upload = begin(world, client, space, { kind: 'upload', subject: fileId });
  const words = `CNRY-${space.id} file of op-${upload.n}\n`;
  const bytes = new TextEncoder().encode(words.repeat(1 + Math.floor(planned.pick * 400)));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await persist(world, client, space, upload, () =>
    client.call(uploadFile, {
      params,
      query: { id: fileId },
      file: { name: `file-${upload.n}.txt`, bytes },
    }),
  );
  const id = newId();
  const op = begin(world, client, space, { kind: 'post', subject: id, says: true });
  op.file = { id: fileId, sha256 };
  const body = { id, text: op.text ?? '', files: [fileId] };
  const { version } = await persist(world, client, space, op, () =>
    client.call(postMessage, { params, body }),
  );
  client.keepOwn(id, space.id, version, true);
}
