CREATE TABLE "scheduled" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"space_id" uuid NOT NULL,
	"thread_id" uuid,
	"in_space" boolean NOT NULL,
	"text" text NOT NULL,
	"files" uuid[] NOT NULL,
	"quote" jsonb,
	"send_at" timestamp (3) with time zone NOT NULL,
	"sending_at" timestamp (3) with time zone,
	"failure" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"lease" uuid,
	"lease_until" timestamp (3) with time zone,
	"parked_at" timestamp (3) with time zone,
	CONSTRAINT "jobs_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
ALTER TABLE "scheduled" ADD CONSTRAINT "scheduled_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scheduled" ADD CONSTRAINT "scheduled_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "scheduled_user" ON "scheduled" USING btree ("user_id","send_at");--> statement-breakpoint
CREATE INDEX "scheduled_space" ON "scheduled" USING btree ("space_id");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_at") WHERE "jobs"."parked_at" is null;