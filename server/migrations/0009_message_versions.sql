CREATE TABLE "message_versions" (
	"space_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "message_versions_space_id_message_id_version_pk" PRIMARY KEY("space_id","message_id","version")
);
--> statement-breakpoint
ALTER TABLE "message_versions" ADD CONSTRAINT "message_versions_space_id_message_id_messages_space_id_id_fk" FOREIGN KEY ("space_id","message_id") REFERENCES "public"."messages"("space_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- Words that were edited away leave the log: those of messages go into their history.
INSERT INTO message_versions (space_id, message_id, version, text, created_at)
SELECT m.space_id, m.id, e.subject_version, e.payload #>> '{message,text}', e.created_at
FROM messages m JOIN events e ON e.space_id = m.space_id AND e.subject_id = m.id
WHERE m.deleted_at IS NULL AND e.type IN ('message.posted', 'message.edited')
  AND e.subject_version < m.version AND e.subject_version >= m.version - 50
  AND e.payload #>> '{message,text}' <> ''
ON CONFLICT DO NOTHING;
--> statement-breakpoint
UPDATE events e SET payload = jsonb_set(e.payload, '{message,text}', '""')
FROM messages m
WHERE e.space_id = m.space_id AND e.subject_id = m.id AND e.subject_version < m.version
  AND e.payload #>> '{message,text}' <> '';
--> statement-breakpoint
UPDATE events e SET payload = jsonb_set(e.payload, '{entry,title}', '""')
FROM entries n
WHERE e.space_id = n.space_id AND e.subject_id = n.id
  AND e.payload #>> '{entry,title}' NOT IN ('', n.title);
--> statement-breakpoint
UPDATE events e SET payload = e.payload || CASE WHEN e.payload ? 'description'
  THEN '{"name": "", "description": ""}'::jsonb ELSE '{"name": ""}'::jsonb END
FROM spaces s
WHERE e.space_id = s.id AND e.subject_id = s.id AND e.type IN ('space.created', 'space.updated')
  AND (e.payload ->> 'name' NOT IN ('', s.name)
    OR e.payload ->> 'description' NOT IN ('', s.description));
