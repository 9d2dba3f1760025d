import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderOf } from '../../testing/folders.ts';
import { newId } from '../core/id.ts';
import { paths } from '../core/paths.ts';
import { connectFolder } from './connection.ts';
import { applyMigrations, knownMigrations } from './migrations.ts';

/** How many migrations come before the one that is tried here. */
const before = readdirSync(paths.migrations)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .findIndex((name) => name.endsWith('_message_versions.sql'));

it('an older database gets histories of its messages, and old words and names leave its log', async () => {
  const { connection, close } = await connectFolder(folderOf({}));
  const [user, space, message, gone, entry] = [newId(), newId(), newId(), newId(), newId()];
  const run = (text: string, ...values: unknown[]) => connection.query(text, values);
  await run('begin');
  await applyMigrations(connection, 0, before);
  await run(
    `insert into users (id, email, name, created_at) values ($1, 'a@example.org', 'Ada', now())`,
    user,
  );
  await run(
    `insert into spaces (id, name, description, visibility, created_by, request_hash, created_at, last_seq)
     values ($1, 'Now', 'About', 'public', $2, '', now(), 10)`,
    ...[space, user],
  );
  await run(
    `insert into messages (space_id, id, seq, version, author_id, text, created_at, edited_at, deleted_at)
     values ($1, $2, 2, 3, $3, 'third', now(), now(), null), ($1, $4, 5, 2, $3, '', now(), null, now())`,
    ...[space, message, user, gone],
  );
  await run(
    `insert into entries (space_id, id, kind, title, status, markdown, version, author_id, created_at, updated_by, updated_at)
     values ($1, $2, 'faq', 'New title', 'open', '', 2, $3, now(), $3, now())`,
    ...[space, entry, user],
  );
  const named = { id: user, name: 'Augusta' };
  const text = (words: string, author: object = named) => ({ message: { text: words, author } });
  const title = (words: string, author: object = named) => ({
    entry: { title: words, author, updatedBy: author },
  });
  const joined = (who: object = named) => ({ user: who, role: 'owner' });
  const lines: [string, string, number, object][] = [
    ['space.created', space, 1, { name: 'Before' }],
    ['message.posted', message, 1, text('first')],
    ['message.edited', message, 2, text('second')],
    ['message.edited', message, 3, text('third')],
    ['message.posted', gone, 1, text('')],
    ['entry.created', entry, 1, title('Old title')],
    ['entry.updated', entry, 2, title('New title')],
    ['space.updated', space, 1, { name: 'Now', description: 'About' }],
    ['member.joined', user, 2, joined()],
  ];
  for (const [index, [type, subject, version, payload]] of lines.entries()) {
    await run(
      `insert into events (space_id, seq, id, type, subject_id, subject_version, actor_id, payload, created_at, request_hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now(), case when $6 = 1 then 'of first words' end)`,
      ...[space, index + 1, newId(), type, subject, version, user, JSON.stringify(payload)],
    );
  }
  const unchanged = newId();
  await run(
    `insert into messages (space_id, id, seq, author_id, text, created_at) values ($1, $2, 10, $3, 'stays', now())`,
    ...[space, unchanged, user],
  );
  await run(
    `insert into events (space_id, seq, id, type, subject_id, subject_version, actor_id, payload, created_at, request_hash)
     values ($1, 10, $2, 'message.posted', $2, 1, $3, $4, now(), 'of present words')`,
    ...[space, unchanged, user, JSON.stringify(text('stays'))],
  );
  await applyMigrations(connection, before, knownMigrations().length);
  await run('commit');
  const { rows: kept } = await run('select version, text from message_versions order by version');
  const { rows: log } = await run('select payload from events order by seq');
  const { rows: hashes } = await run(
    `select request_hash hash from events where subject_id <> space_id and request_hash is not null
     union all select request_hash from spaces`,
  );
  await close();
  expect(hashes).toEqual([{ hash: 'of present words' }, { hash: '' }]);
  expect(kept).toEqual([
    { version: 1, text: 'first' },
    { version: 2, text: 'second' },
  ]);
  const nameless = { id: user };
  const inStream = (words: string) => ({
    message: { text: words, author: nameless, threadId: null, inSpace: false, files: [] },
  });
  expect(log.map(({ payload }) => payload)).toEqual([
    { name: '' },
    inStream(''),
    inStream(''),
    inStream('third'),
    inStream(''),
    title('', nameless),
    title('New title', nameless),
    { name: 'Now', description: 'About' },
    joined(nameless),
    inStream('stays'),
  ]);
}, 120_000); // a new database from the first migration on
