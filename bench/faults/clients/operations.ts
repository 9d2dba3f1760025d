import { deleteMessage, editMessage, listMessages, postMessage } from '@teambrain/contract/chat.ts';
import { createEntry, updateEntry } from '@teambrain/contract/knowledge.ts';
import { isProblem } from '@teambrain/client/errors.ts';
import { newId } from '@teambrain/client/id.ts';
import type { BenchClient } from './client.ts';
import type { Op } from '../history.ts';
import { file, react, readMark, reply } from './hanging.ts';
import { attempt } from './recorder.ts';
import { changePassword, leave, logoutAll, removeMember } from './rights.ts';
import type { PlannedOp } from '../schedule.ts';
import { begin, pause, persist, type BenchSpace, type World } from './world.ts';

/** Starts one planned operation; resolves when nothing more of it is to come. */
export async function perform(world: World, planned: PlannedOp): Promise<void> {
  const client = world.clients[planned.client];
  const space = world.spaces[planned.space];
  if (!client || !space || client.isAway) return;
  try {
    await handlers[planned.kind](world, client, space, planned);
  } catch {
    // What became of it stands in the history.
  }
}

type Handler = (
  world: World,
  client: BenchClient,
  space: BenchSpace,
  planned: PlannedOp,
) => Promise<void> | void;

const handlers: Record<PlannedOp['kind'], Handler> = {
  post,
  reply,
  react,
  'read-mark': readMark,
  file,
  edit,
  delete: remove,
  entry,
  'entry-edit': editEntry,
  remove: removeMember,
  leave,
  password: changePassword,
  'logout-all': logoutAll,
  roam: (_world, client) => client.link.reset({ socketsOnly: true }),
};

async function post(world: World, client: BenchClient, space: BenchSpace, planned: PlannedOp) {
  const id = newId();
  const op = begin(world, client, space, { kind: 'post', subject: id, says: true });
  const text = op.text ?? '';
  op.isCut = planned.isCut;
  if (planned.isCut) client.link.cutNextAnswer();
  client.outbox.add({ id, spaceId: space.id, text, op });
  const isTripled = world.isTripling && op.n % 3 === 0;
  const copies = isTripled ? 3 : planned.isDoubled ? 2 : 0;
  const body = { id, text };
  await Promise.allSettled(
    world.cluster.instances
      .slice(0, copies)
      .map(({ url }) =>
        attempt(world.recorder, op, () =>
          client.callAt(url)(
            postMessage,
            { params: { spaceId: space.id }, body },
            { timeout: 8_000 },
          ),
        ),
      ),
  );
  if (planned.isReadBack) await readBack(world, client, space, op);
}

/** Reads an acknowledged message through each other instance (G7). */
async function readBack(world: World, client: BenchClient, space: BenchSpace, op: Op) {
  const { recorder, cluster } = world;
  for (let waited = 0; op.outcome !== 'ok' && waited < 3_000; waited += 5) await pause(5);
  if (op.outcome !== 'ok') return;
  const query = { around: op.subject, limit: 1 };
  await Promise.all(
    cluster.instances.map(async ({ url }) => {
      const at = recorder.now();
      const call = client.callAt(url);
      const result = await call(listMessages, { params: { spaceId: space.id }, query }).then(
        ({ items }) => (items.some(({ id }) => id === op.subject) ? 'fresh' : 'stale'),
        (error: unknown) => (isProblem(error, 'not-found') ? 'stale' : 'unanswered'),
      );
      const read = {
        client: client.index,
        space: space.id,
        subject: op.subject,
        at,
        result,
      } as const;
      recorder.reads.push({ ...read, end: recorder.now() });
    }),
  );
}

function pickOwn(client: BenchClient, space: BenchSpace, pick: number) {
  const own = client.own.filter((message) => message.space === space.id);
  return own[Math.floor(pick * own.length)];
}

async function edit(world: World, client: BenchClient, space: BenchSpace, planned: PlannedOp) {
  const message = pickOwn(client, space, planned.pick);
  if (!message) return post(world, client, space, planned);
  const { id: messageId, version } = message;
  const op = begin(world, client, space, { kind: 'edit', subject: messageId, says: true });
  const params = { spaceId: space.id, messageId };
  const body = { text: op.text ?? '' };
  const edited = await persist(world, client, space, op, () =>
    client.call(editMessage, { params, body, version }),
  );
  message.version = Math.max(message.version, edited.version);
}

async function remove(world: World, client: BenchClient, space: BenchSpace, planned: PlannedOp) {
  // Files are few, and their bytes have to go.
  const withFile = client.own.find((one) => one.hasFile && one.space === space.id);
  const message = (planned.pick < 0.5 && withFile) || pickOwn(client, space, planned.pick);
  if (!message) return post(world, client, space, planned);
  client.own.splice(client.own.indexOf(message), 1);
  const op = begin(world, client, space, { kind: 'delete', subject: message.id });
  const params = { spaceId: space.id, messageId: message.id };
  await persist(world, client, space, op, () => client.call(deleteMessage, { params }));
}

async function entry(world: World, client: BenchClient, space: BenchSpace) {
  const id = newId();
  const op = begin(world, client, space, { kind: 'entry', subject: id, says: true });
  const body = { id, kind: 'document', title: `Entry ${op.n}`, markdown: op.text ?? '' } as const;
  const params = { spaceId: space.id };
  const made = await persist(world, client, space, op, () =>
    client.call(createEntry, { params, body }),
  );
  space.entries.push({ id, version: made.version });
}

async function editEntry(world: World, client: BenchClient, space: BenchSpace, planned: PlannedOp) {
  const found = space.entries[Math.floor(planned.pick * space.entries.length)];
  if (!found) return entry(world, client, space);
  const op = begin(world, client, space, { kind: 'entry-edit', subject: found.id, says: true });
  const params = { spaceId: space.id, entryId: found.id };
  const { version } = found;
  const changed = await persist(world, client, space, op, () =>
    client.call(updateEntry, { params, version, body: { markdown: op.text ?? '' } }),
  );
  found.version = Math.max(found.version, changed.version);
}
