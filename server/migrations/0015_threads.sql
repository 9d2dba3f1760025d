CREATE TABLE "thread_follows" (
	"space_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"following" boolean NOT NULL,
	CONSTRAINT "thread_follows_space_id_thread_id_user_id_pk" PRIMARY KEY("space_id","thread_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"space_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"root_type" text NOT NULL,
	"root_id" uuid NOT NULL,
	"anchor" jsonb,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "threads_space_id_id_pk" PRIMARY KEY("space_id","id")
);
--> statement-breakpoint
DROP INDEX "passages_run";--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "thread_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "thread_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "in_space" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "thread_follows" ADD CONSTRAINT "thread_follows_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_follows" ADD CONSTRAINT "thread_follows_space_id_thread_id_threads_space_id_id_fk" FOREIGN KEY ("space_id","thread_id") REFERENCES "public"."threads"("space_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "threads_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "thread_follows_user" ON "thread_follows" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "threads_root" ON "threads" USING btree ("space_id","root_type","root_id") WHERE "threads"."anchor" is null;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_space_id_thread_id_threads_space_id_id_fk" FOREIGN KEY ("space_id","thread_id") REFERENCES "public"."threads"("space_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messages_stream" ON "messages" USING btree ("space_id","seq") WHERE "messages"."thread_id" is null or "messages"."in_space";--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" USING btree ("space_id","thread_id","seq") WHERE "messages"."thread_id" is not null;--> statement-breakpoint
CREATE INDEX "passages_run" ON "passages" USING btree ("space_id",coalesce("thread_id", "space_id"),"last_seq");
--> statement-breakpoint
-- Each message says which thread it is in, those of the log too.
UPDATE events SET payload = jsonb_set(payload, '{message}', payload -> 'message' || '{"threadId": null, "inSpace": false}')
WHERE type IN ('message.posted', 'message.edited');
