-- Hashes of what things said when they were made, where they say something else or nothing now.
UPDATE events e SET request_hash = NULL
FROM messages m
WHERE e.request_hash IS NOT NULL AND e.space_id = m.space_id AND e.subject_id = m.id AND m.version > 1;
--> statement-breakpoint
UPDATE events e SET request_hash = NULL
FROM entries n
WHERE e.request_hash IS NOT NULL AND e.space_id = n.space_id AND e.subject_id = n.id AND n.version > 1;
--> statement-breakpoint
UPDATE spaces s SET request_hash = ''
WHERE EXISTS (SELECT FROM events e WHERE e.space_id = s.id AND e.type = 'space.updated');
