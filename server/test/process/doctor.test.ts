import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { addressOf, linkText } from '@teambrain/contract/links.ts';
import { events } from '@teambrain/contract/log.ts';
import { checks } from '../../src/cli/doctor.store.ts';
import type { DoctorReport } from '../../src/cli/doctor.ts';
import { newInstallation, reportOf, runCli, withDatabase } from '../../src/testing/cli.ts';
import { startServer } from '../../src/testing/server-process.ts';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { settle } from './backup.world.ts';

/** Each fault on things of its own, so that each shows by itself. `$1` is the space. */
const faults: [name: string, ...statements: string[]][] = [
  ['log-gap', `delete from events where space_id = $1 and type = 'member.joined' and seq = 3`],
  ['log-counter', `update spaces set last_seq = last_seq + 2 where id = $1`],
  [
    'message-without-event',
    `insert into messages (space_id, id, seq, author_id, text, created_at)
     select $1, gen_random_uuid(), 9000, author_id, 'from nowhere', now() from messages where space_id = $1 limit 1`,
  ],
  [
    'event-without-message',
    `delete from messages where space_id = $1 and text = 'this one vanishes'`,
  ],
  [
    'message-state',
    `update events set payload = jsonb_set(payload, '{message,text}', '"changed"')
     where space_id = $1 and payload #>> '{message,text}' = 'the second wording'`,
  ],
  [
    'deleted-message-text',
    `update messages set text = 'words that are gone' where space_id = $1 and deleted_at is not null`,
  ],
  [
    'event-words',
    `update events set payload = jsonb_set(payload, '{message,text}', '"words that are gone"')
     where space_id = $1 and type = 'message.posted' and payload #>> '{message,text}' = ''
       and subject_id in (select id from messages where deleted_at is not null)`,
    `update events set payload = jsonb_set(payload, '{message,text}', '"words of before"')
     where space_id = $1 and type = 'message.posted' and payload #>> '{message,text}' = ''`,
    `update events set payload = jsonb_set(payload, '{entry,title}', '"Secret plans"')
     where space_id = $1 and payload #>> '{entry,title}' = ''`,
    `update events set payload = jsonb_set(payload, '{entry,title}', '"A former title"')
     where space_id = $1 and type = 'entry.created'`,
    `update events set payload = jsonb_set(payload, '{name}', '"A former name"')
     where space_id = $1 and type = 'space.created'`,
  ],
  ['entry-place', `update entries set parent_id = id where space_id = $1 and deleted_at is null`],
  [
    'message-thread',
    `update messages set in_space = not in_space where space_id = $1 and deleted_at is null`,
    `update messages set quote_id = id, quote_space_id = space_id
     where space_id = $1 and deleted_at is null`,
  ],
  [
    'message-reactions',
    `insert into reactions (space_id, message_id, emoji, user_id, created_at)
     select space_id, id, '👍', author_id, now() from messages
     where space_id = $1 and deleted_at is null limit 1`,
  ],
  [
    'thread-read',
    `with thread as (
       insert into threads (space_id, id, root_type, root_id)
       select space_id, id, 'message', id from messages
       where space_id = $1 and thread_id is null limit 1
       on conflict (space_id, id) do update set root_type = 'message' returning space_id, id)
     insert into thread_follows (space_id, thread_id, user_id, following, read_seq)
     select t.space_id, t.id, m.user_id, true, 1000000 from thread t
     join memberships m on m.space_id = t.space_id
     on conflict (space_id, thread_id, user_id) do update set read_seq = 1000000`,
  ],
  [
    'message-pin',
    `insert into pins (space_id, message_id, user_id, created_at)
     select space_id, id, author_id, now() from messages
     where space_id = $1 and deleted_at is null limit 1`,
  ],
  [
    'message-files',
    `with b as (
       insert into blobs (key, created_at, stored_at, bytes)
       values (gen_random_uuid(), now(), now(), 1) returning key)
     insert into files (space_id, id, owner_id, message_id, name, type, bytes, created_at, blob_key)
     select m.space_id, gen_random_uuid(), m.author_id, m.id, 'a.txt', 'application/zip', 1, now(), b.key
     from b, messages m where m.space_id = $1 and m.deleted_at is null limit 1`,
  ],
  [
    'file-blobs',
    `with b as (
       insert into blobs (key, created_at) values (gen_random_uuid(), now()) returning key)
     insert into files (space_id, id, owner_id, name, type, bytes, created_at, blob_key)
     select m.space_id, gen_random_uuid(), m.author_id, 'b.txt', 'application/zip', 1, now(), b.key
     from b, messages m where m.space_id = $1 and m.deleted_at is null limit 1`,
  ],
  [
    'file-missing',
    `insert into blobs (key, created_at, stored_at, bytes)
     select gen_random_uuid(), now(), now(), 1 from spaces where id = $1`,
  ],
  [
    'message-versions',
    `insert into message_versions (space_id, message_id, version, text, created_at)
     select space_id, id, version + 5, 'of later', now() from messages where space_id = $1 limit 1`,
  ],
  ['link-missing', `delete from links where space_id = $1`],
  [
    'link-text',
    `insert into links (space_id, from_type, from_id, from_version, rel, to_type, to_id, start, "end")
     select space_id, 'message', id, version, 'mention', 'person', author_id, 0, 9 from messages
     where space_id = $1 and deleted_at is null limit 1`,
  ],
  [
    'entry-state',
    `update entries set version = version + 1 where space_id = $1 and deleted_at is null`,
  ],
  [
    'event-names',
    `update events set payload = jsonb_set(payload, '{message,author,name}', '"A former name"')
     where space_id = $1 and type = 'message.posted'`,
  ],
  ['space-state', `update spaces set name = 'Another' where id = $1`],
  [
    'membership',
    `update memberships set role = 'moderator' where space_id = $1 and role = 'member'`,
  ],
  [
    'read-mark',
    `insert into read_marks (space_id, user_id, seq, updated_at)
     select space_id, user_id, 1000000, now() from memberships where space_id = $1 limit 1`,
  ],
  [
    'index-source',
    `insert into passages (id, space_id, kind, source_id, version, title, heading, length)
     values (gen_random_uuid(), $1, 'document', gen_random_uuid(), 1, '', '', 1)`,
  ],
  [
    'index-text',
    `update sentences set quote = 'never said' where space_id = $1 and source_type = 'message'`,
  ],
  [
    'follower-ahead',
    `update follower_cursors set tx = (pg_current_xact_id()::text::bigint + 100000)::text::xid8 where $1::uuid is not null`,
  ],
  [
    'follower-lease',
    `update follower_cursors set lease_until = now() + interval '1 year' where $1::uuid is not null`,
  ],
  [
    'log-foreign-transactions',
    `update events set tx = (pg_current_xact_id()::text::bigint + 100000)::text::xid8 where space_id = $1 and seq = 1`,
  ],
  [
    'orphan',
    `insert into sentences (passage_id, ordinal, space_id, source_type, source_id, version, "start", "end", author, text, quote)
     select gen_random_uuid(), 0, $1, 'message', id, version, 0, 0, '', '', '' from messages
     where space_id = $1 and deleted_at is null limit 1`,
  ],
  [
    'follower-parked',
    `insert into parked_events (follower, space_id, seq, type, subject_id, attempts, error, retry_at)
     values ('search-index', $1, 1, 'message.posted', gen_random_uuid(), 3, 'RangeError', now())`,
  ],
  [
    'group-owner',
    `insert into groups (id, name, created_by, created_at)
     select gen_random_uuid(), 'of nobody', author_id, now() from messages where space_id = $1 limit 1`,
  ],
  [
    'job-parked',
    `insert into jobs (kind, key, payload, run_at, attempts, error, parked_at)
     values ('scheduled', $1::text, '{}', now(), 8, 'RangeError', now())`,
  ],
  ['instance', `insert into instance (id, log_epoch) values (2, $1)`],
];

it('doctor has a check about every type of event', () => {
  const about = new Set(checks.flatMap((check) => check.about ?? []));
  expect(events.map(({ type }) => type).filter((type) => !about.has(type))).toEqual([]);
});

it('every check of doctor is tried by a planted fault', () => {
  const tried = faults.map(([name]) => name);
  expect(checks.map(({ name }) => name).filter((name) => !tried.includes(name))).toEqual([]);
});

describe('doctor', { timeout: 300_000 }, () => {
  it('finds nothing in sound data and names each planted fault, with its place', async () => {
    const env = await newInstallation();
    const server = startServer(env);
    await server.ready();
    const { first, spaceId } = await settle(server, 2);
    const params = { spaceId };
    await first.call(chat.postMessage, { params, body: { text: 'this one vanishes' } });
    const mention = linkText('@Somebody', addressOf('person', spaceId));
    await first.call(chat.postMessage, { params, body: { text: `${mention} is called` } });
    const trashed = await first.call(knowledge.createEntry, {
      params,
      body: { kind: 'document', title: 'Secret plans', markdown: 'Nobody reads this.' },
    });
    await first.call(knowledge.deleteEntry, { params: { ...params, entryId: trashed.id } });
    await vi.waitFor(
      async () =>
        expect((await first.call(search, { query: { q: 'wording' } })).items).toHaveLength(1),
      { timeout: 60_000, interval: 200 },
    );
    server.kill('SIGTERM');
    await server.ended();
    expect((await reportOf<DoctorReport>(['doctor'], env)).findings).toEqual([]);

    await withDatabase(env, async (connection) => {
      // Foreign keys would not let some of them in.
      await connection.query(`set session_replication_role = replica`);
      for (const [name, ...statements] of faults) {
        for (const statement of statements) {
          const { rowCount } = await connection.query(statement, [spaceId]);
          expect(rowCount, name).toBeGreaterThan(0);
        }
      }
    });
    const stray = '01940000-0000-7000-8000-00000000abcd';
    mkdirSync(join(env['DATA_DIR'] ?? '', 'files', 'cd'), { recursive: true });
    writeFileSync(join(env['DATA_DIR'] ?? '', 'files', 'cd', stray), 'nobody knows this');
    const { code, stdout } = await runCli(['doctor', '--json'], env);
    expect(code).toBe(4);
    const { findings } = JSON.parse(stdout) as DoctorReport;
    expect(new Set(findings.map(({ name }) => name))).toEqual(
      new Set([...faults.map(([name]) => name), 'file-unknown']),
    );
    const exampleOf = (name: string) => findings.find((one) => one.name === name)?.examples[0];
    expect(exampleOf('log-gap')).toBe(`space ${spaceId}: after 2 comes 4`);
    expect(exampleOf('deleted-message-text')).toMatch(/^message [0-9a-f-]{36}$/);
    expect(exampleOf('file-unknown')).toBe(`key ${stray}`);
    expect(exampleOf('orphan')).toMatch(/^sentences /);

    const plain = await runCli(['doctor'], env);
    expect(plain.code).toBe(4);
    for (const [name] of faults) expect(plain.stdout).toContain(`FAULT ${name}: `);
    expect(plain.stdout).not.toContain('words that are gone');
  });
});
