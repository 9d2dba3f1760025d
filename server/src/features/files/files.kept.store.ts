import type { Check } from '../../platform/core/kept.ts';

/** What must hold of files. */
export const filesChecks: Check[] = [
  {
    name: 'message-files',
    law: 'each message carries exactly the files that hang on it, as they are',
    sql: `select 'message ' || coalesce(l.message_id, f.message_id) || ', file ' || coalesce(l.id, f.id) as what
      from (
        select m.space_id, m.id as message_id, (x ->> 'id')::uuid as id, x as file
        from messages m, jsonb_array_elements(m.files) x) l
      full join (select * from files where message_id is not null) f
        on f.space_id = l.space_id and f.message_id = l.message_id and f.id = l.id
      where l.id is null or f.id is null or l.file is distinct from jsonb_build_object(
        'id', f.id, 'name', f.name, 'type', f.type, 'bytes', f.bytes, 'width', f.width,
        'height', f.height)`,
  },
  {
    name: 'file-blobs',
    law: 'each file has its bytes in the store, complete and not released',
    sql: `select 'file ' || f.id as what from files f
      join blobs b on b.key in (f.blob_key, f.small_key)
      where b.stored_at is null or b.released_at is not null
        or (b.key = f.blob_key and b.bytes <> f.bytes)`,
  },
];
