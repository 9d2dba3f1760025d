/** A bug planted for a run: the server's source with some text replaced. Never a flag in the product. */
export interface Mutation {
  name: string;
  /** Checkers of which at least one must fail. */
  caughtBy: string[];
  edits: { file: string; find: string; put: string }[];
  /** SQL to run on the migrated database before anyone writes. */
  prepare?: string;
}

/** The bugs of the mutation check, CK16 (shared/design/SECURITY.md): one at least for each checker of writes. */
export const mutations: Mutation[] = [
  {
    name: 'ack-before-commit',
    caughtBy: ['CK8', 'CK1'],
    edits: [
      {
        // A message goes the ordinary way, as the group's one statement is its own commit.
        file: 'platform/events/append.ts',
        find: 'const seq = await seqFor(item).catch(unsure(item.space.id));',
        put: "const seq = 'not-plain' as Outcome;",
      },
      {
        file: 'platform/events/write.ts',
        find: 'const { changed, recorded } = await db.transaction((tx) => run(tx, space, change, at));',
        put: `let early!: (value: Awaited<ReturnType<typeof run<T>>>) => void;
        const soon = new Promise<Awaited<ReturnType<typeof run<T>>>>((resolve) => (early = resolve));
        const whole = db.transaction(async (tx) => {
          const done = await run(tx, space, change, at);
          if (space.needs === 'write') {
            early(done);
            await new Promise((resolve) => setTimeout(resolve, 30));
          }
          return done;
        });
        const { changed, recorded } = await Promise.race([soon, whole]);`,
      },
    ],
  },
  {
    name: 'serial-instead-of-counter',
    caughtBy: ['CK3'],
    prepare: `
      create function make_serial() returns trigger language plpgsql as $$ begin
        execute format('create sequence %I', 'serial_' || replace(new.id::text, '-', ''));
        return new; end $$;
      create trigger make_serial after insert on spaces for each row execute function make_serial();`,
    edits: [
      {
        file: 'platform/events/write.ts',
        find: '.set({ lastSeq: sql`${spaces.lastSeq} + 1` })',
        put: ".set({ lastSeq: sql`nextval('serial_' || replace(${space.id}::text, '-', ''))` })",
      },
      {
        file: 'platform/events/write.ts',
        find: '.set({ lastSeq: sql`${spaces.lastSeq} - 1` })',
        put: '.set({ lastSeq: sql`${spaces.lastSeq}` })',
      },
      {
        file: 'platform/events/write.ts',
        find: 'last_seq = last_seq + ${isNumbered ? 0 : 1}::int,',
        put: "last_seq = case when ${isNumbered}::boolean then last_seq else nextval('serial_' || replace(id::text, '-', '')) end,",
      },
      {
        file: 'platform/events/append.statement.ts',
        find: 'h.last_seq + row_number() over (partition by i.space_id order by i.n) seq',
        put: "nextval('serial_' || replace(h.id::text, '-', '')) seq",
      },
    ],
  },
  {
    name: 'no-poll',
    caughtBy: ['CK11'],
    edits: [
      {
        file: 'platform/realtime/hub.ts',
        find: 'const POLL_MS = 2_000;',
        put: 'const POLL_MS = 2_000_000;',
      },
    ],
  },
  {
    name: 'no-dedupe',
    caughtBy: ['CK2'],
    edits: [
      {
        file: 'platform/events/append.ts',
        find: 'if (made) return { data: made, isNew: true };',
        put: 'if (made) return { data: made, isNew: true };\n      if (id) return alone({ ...creation, id: newId() });',
      },
    ],
  },
  {
    name: 'no-rights-check-on-delivery',
    caughtBy: ['CK7'],
    edits: [
      {
        file: 'platform/realtime/subscription.ts',
        find: 'recheck(reason: RemovedReason): void {',
        put: 'recheck(reason: RemovedReason): void {\n    if (reason) return;',
      },
    ],
  },
  {
    name: 'reaction-not-kept',
    caughtBy: ['CK17'],
    edits: [
      {
        file: 'features/chat/chat.reactions.ts',
        find: 'if (!(await change(tx, at))) return;',
        put: 'if (on || !(await change(tx, at))) return;',
      },
    ],
  },
  {
    name: 'read-mark-goes-back',
    caughtBy: ['CK18'],
    edits: [
      {
        file: 'features/unread/unread.store.ts',
        find: 'where excluded.seq > r.seq and ${isLater}',
        put: 'where ${isLater}',
      },
    ],
  },
  {
    name: 'bytes-stay',
    caughtBy: ['CK19'],
    edits: [
      {
        file: 'features/files/files.sweep.ts',
        find: 'await files.remove(keys);',
        put: 'await files.remove([]);',
      },
    ],
  },
];
