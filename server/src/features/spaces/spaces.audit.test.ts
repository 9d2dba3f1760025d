import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { deleteSpace } from '@teambrain/contract/spaces.ts';
import { codeOf, register } from '../../testing/people.ts';
import { createSpace } from '../../testing/space.ts';
import { useTestApp } from '../../testing/test-app.ts';

it('who deleted a space is written down, who tried to is not taken for it', async () => {
  const app = await useTestApp();
  await register(app.url, 'Administrator');
  const owner = await register(app.url, 'Owner');
  const ana = await register(app.url, 'Ana');
  const id = await createSpace(owner, [ana]);
  const audited = async () => {
    const { rows } = await app.database.db.execute(
      sql`select action, actor_id "actor" from audit_log
          where subject_id = ${id} and action <> 'space.created'`,
    );
    return rows;
  };
  expect(await codeOf(ana.call(deleteSpace, { params: { spaceId: id } }))).toBe('forbidden');
  expect(await audited()).toEqual([]);
  await owner.call(deleteSpace, { params: { spaceId: id } });
  expect(await audited()).toEqual([{ action: 'space.deleted', actor: owner.id }]);
});
