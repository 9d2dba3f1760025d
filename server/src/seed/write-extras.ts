import { Readable } from 'node:stream';
import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import type { Attachment } from '@teambrain/contract/files.ts';
import type { Space } from '../platform/access/access.ts';
import type { Actor } from '../platform/core/actor.ts';
import { ProblemError } from '../platform/core/problem.ts';
import type { Ledger } from './ledger.ts';
import { patiently } from './patience.ts';
import type { ChatLine, ChatSeed } from './slack/export.ts';
import {
  AS_TEXT,
  ATTACHED,
  PINS,
  REACTIONS,
  type Extras,
  type LineFile,
  type Someone,
} from './slack/extras.ts';
import { UnreadableError } from './source/source.ts';
import { idOf, isRefused, type Run } from './write-run.ts';

/** A message to post, with its id here and the root of its thread. */
export type Line = ChatLine & { id: string; threadId: string | undefined };

export interface Hanging {
  run: Run;
  /** For the owner of the space. */
  space: Space<'write'>;
  /** Everybody who said something, by the author's key. */
  actors: Map<string, Actor>;
}

/** What of the books was taken turned out not to be possible. */
export function recantExtras(ledger: Ledger, extras: readonly Extras[], reason: string): void {
  const people = extras.flatMap(({ reactions }) => reactions.flatMap((one) => one.people));
  ledger.recant(REACTIONS, reason, people.length);
  ledger.recant(PINS, reason, extras.filter(({ pin }) => pin !== null).length);
  ledger.recant(ATTACHED, reason, extras.flatMap(({ files }) => files).length);
}

/** Uploads the files that a message carries; those that cannot be are lines of its text. */
export async function withFiles(
  run: Run,
  grant: Space<'write'>,
  seed: ChatSeed,
  { text, extras }: Line,
): Promise<{ text: string; files: Attachment[] }> {
  const files: Attachment[] = [];
  const lines: string[] = [];
  for (const file of extras.files) {
    const uploaded = await upload(run, grant, seed, file);
    if (uploaded) files.push(uploaded);
    else lines.push(file.line);
  }
  const whole = [text, ...lines].filter(Boolean).join('\n\n');
  return { text: whole.length <= MESSAGE_MAX ? whole : text, files };
}

/** The file as it is here; null where it cannot be, which the books say. */
async function upload(
  { app, ledger, signal }: Run,
  grant: Space<'write'>,
  seed: ChatSeed,
  { key, name, label }: LineFile,
): Promise<Attachment | null> {
  try {
    const bytes = Buffer.from(await seed.read(label));
    const id = idOf('file', grant.id, key, grant.actor.userId);
    return await patiently(
      () =>
        app.files.upload(
          grant,
          { name, declared: bytes.length, bytes: Readable.from([bytes]) },
          id,
        ),
      signal,
    );
  } catch (error) {
    const why = reasonOf(error);
    if (why === null) throw error;
    ledger.keep(ATTACHED, -1);
    ledger.leave(ATTACHED, `${why} (${AS_TEXT})`, name);
    return null;
  }
}

const REASONS: Partial<Record<ProblemError['code'], string>> = {
  'too-large': 'larger than FILE_MAX_MB',
  'quota-exceeded': 'beyond FILES_PERSON_MB or FILES_TOTAL_MB',
  'id-taken': 'carried by another message',
};

function reasonOf(error: unknown): string | null {
  if (error instanceof UnreadableError) return `unreadable: ${error.message}`;
  return error instanceof ProblemError ? (REASONS[error.code] ?? null) : null;
}

/** Adds the reactions and pins of messages that are there; again changes nothing. */
export async function hangOn({ run, space, actors }: Hanging, lines: readonly Line[]) {
  const { app, ledger } = run;
  for (const { id, extras } of lines) {
    for (const { emoji, people } of extras.reactions) {
      for (const person of people) {
        const actor = await actorOf(run, space.id, actors, person);
        const grant = await app.access.space(actor, space.id, 'write');
        const isIn = await isDone(app.reactions.react(grant, id, { emoji, on: true }));
        if (!isIn) ledger.recant(REACTIONS, NOT_HERE, 1);
      }
    }
    if (!extras.pin) continue;
    const { by } = extras.pin;
    const actor = by === null ? space.actor : await actorOf(run, space.id, actors, by);
    const grant = await app.access.space(actor, space.id, 'write');
    if (!(await isDone(app.pins.set(grant, id, true)))) ledger.recant(PINS, NOT_HERE, 1);
  }
}

const NOT_HERE = 'of messages that were deleted here, or where there is no room for more';

/** Somebody who said nothing in this channel, but elsewhere. */
async function actorOf(
  run: Run,
  spaceId: string,
  actors: Map<string, Actor>,
  { key, name }: Someone,
): Promise<Actor> {
  const known = actors.get(key);
  if (known) return known;
  const actor = await run.app.auth.createImported(name, idOf('author', key));
  await run.app.spaces.join(actor, spaceId);
  actors.set(key, actor);
  return actor;
}

async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const isNoRoom = error instanceof ProblemError && error.code === 'invalid-request';
    if (isNoRoom || isRefused(error)) return false;
    throw error;
  }
}
