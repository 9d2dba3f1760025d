CREATE TABLE "blobs" (
	"key" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"stored_at" timestamp (3) with time zone,
	"released_at" timestamp (3) with time zone,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"sha256" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"space_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"message_id" uuid,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"bytes" bigint NOT NULL,
	"width" integer,
	"height" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"blob_key" uuid NOT NULL,
	"small_key" uuid,
	CONSTRAINT "files_space_id_id_pk" PRIMARY KEY("space_id","id")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "files" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_blob_key_blobs_key_fk" FOREIGN KEY ("blob_key") REFERENCES "public"."blobs"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_small_key_blobs_key_fk" FOREIGN KEY ("small_key") REFERENCES "public"."blobs"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "blobs_to_remove" ON "blobs" USING btree ("created_at") WHERE "blobs"."released_at" is not null or "blobs"."stored_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "files_id" ON "files" USING btree ("id");--> statement-breakpoint
CREATE INDEX "files_owner" ON "files" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "files_message" ON "files" USING btree ("space_id","message_id");--> statement-breakpoint
CREATE INDEX "files_unattached" ON "files" USING btree ("created_at") WHERE "files"."message_id" is null;
--> statement-breakpoint
-- However a file goes, with its message, its space or a restore: its bytes are known to be left.
CREATE OR REPLACE FUNCTION release_blobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.blobs SET released_at = now() WHERE key IN (OLD.blob_key, OLD.small_key);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER files_release AFTER DELETE ON "files" FOR EACH ROW EXECUTE FUNCTION release_blobs();
--> statement-breakpoint
-- Each message says which files it carries, those of the log too.
UPDATE events SET payload = jsonb_set(payload, '{message,files}', '[]')
WHERE type IN ('message.posted', 'message.edited');
