import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import * as contract from '@teambrain/contract/search.ts';
import type { Encoder } from '../../platform/ports/ai/encoder.ts';
import { hashingEncoder } from '../../testing/hashing-encoder.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

/** What the encoder of this file cannot take; it fails for good, as a fault in a program does. */
const POISON = 'arsenic';

let app: TestApp;
let owner: Person;
let space: string;
let isPoisonous = true;

beforeAll(async () => {
  const hashing = hashingEncoder();
  const encoder: Encoder = {
    ...hashing,
    encode(texts, priority) {
      const fails = isPoisonous && priority === 'document' && texts.some((t) => t.includes(POISON));
      return fails
        ? Promise.reject(new RangeError(`cannot encode ${POISON}`))
        : hashing.encode(texts, priority);
    },
  };
  app = await createTestApp({ encoder });
  owner = await register(app.url, 'Owner');
  space = await createSpace(owner);
});
afterAll(() => app.close());

const found = async (q: string) =>
  (await owner.call(contract.search, { query: { q } })).items.map(({ source }) => source.id).sort();
const parked = async () =>
  (
    await app.database.db.execute<{ subject: string; error: string }>(sql`
      select subject_id subject, error from parked_events order by seq`)
  ).rows;
/** Has what is parked tried again now. */
const retry = () => app.database.db.execute(sql`update parked_events set retry_at = now()`);

describe('what the index cannot take', { timeout: 120_000 }, () => {
  let poisoned: { message: string; document: string };
  let others: { before: string; after: string };

  it('is parked and hidden, and the index goes on', async () => {
    const { id: documentId, version } = await owner.call(knowledge.createEntry, {
      params: { spaceId: space },
      body: { kind: 'document', title: 'Metals', markdown: 'Cobalt is blue.' },
    });
    const before = await post(owner, space, 'Quartz is in the first box.');
    await app.followers.idle();
    expect(await found('cobalt')).toEqual([documentId]);

    const bad = await post(owner, space, `The ${POISON} is in the second box.`);
    const after = await post(owner, space, 'Quartz is in the third box too.');
    await owner.call(knowledge.updateEntry, {
      params: { spaceId: space, entryId: documentId },
      body: { markdown: `Cobalt comes with ${POISON}.` },
      version,
    });
    await app.followers.idle();
    poisoned = { message: bad.id, document: documentId };
    others = { before: before.id, after: after.id };

    expect(await parked()).toEqual([
      { subject: bad.id, error: 'RangeError' },
      { subject: documentId, error: 'RangeError' },
    ]);
    expect(await app.followers.parked()).toBe(2);
    expect(await found('quartz')).toEqual([others.before, others.after].sort());
    expect(await found(POISON)).toEqual([]);
    expect(await found('cobalt')).toEqual([]);
  });

  it('stays parked while it fails, and does not hold up what comes', async () => {
    await retry();
    const next = await post(owner, space, 'Topaz came this morning.');
    await app.followers.idle();
    await vi.waitFor(
      async () => {
        const { rows } = await app.database.db.execute<{ attempts: number }>(
          sql`select attempts from parked_events where not is_tried`,
        );
        expect(rows.map(({ attempts }) => attempts)).toEqual([2, 2]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(await found('topaz')).toEqual([next.id]);
    expect(await found(POISON)).toEqual([]);
  });

  it('leaves with its subject', async () => {
    await owner.call(chat.deleteMessage, {
      params: { spaceId: space, messageId: poisoned.message },
    });
    await app.followers.idle();
    expect((await parked()).map(({ subject }) => subject)).toEqual([poisoned.document]);
  });

  it('does not hold up a deletion beside it, of which nothing stays', async () => {
    const secret = await post(owner, space, 'Zirconium is in the last box.');
    const beside = await post(owner, space, 'Feldspar is nowhere.');
    await app.followers.idle();
    expect(await found('zirconium')).toEqual([secret.id]);
    await Promise.all([
      owner.call(chat.deleteMessage, { params: { spaceId: space, messageId: secret.id } }),
      owner.call(chat.editMessage, {
        params: { spaceId: space, messageId: beside.id },
        body: { text: `Now ${POISON}.` },
        version: beside.version,
      }),
    ]);
    await app.followers.idle();
    const { rows } = await app.database.db.execute(
      sql`select from sentences where source_id = ${secret.id}`,
    );
    expect(rows).toEqual([]);
    expect((await parked()).map(({ subject }) => subject)).toEqual([poisoned.document, beside.id]);
  });

  it('is found once the fault is mended', async () => {
    isPoisonous = false;
    await retry();
    await vi.waitFor(async () => expect(await parked()).toEqual([]), {
      timeout: 20_000,
      interval: 200,
    });
    expect(await found('cobalt')).toEqual([poisoned.document]);
    expect(await found('quartz')).toEqual([others.before, others.after].sort());
  });
});
