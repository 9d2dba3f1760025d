CREATE TABLE "samples" (
	"id" integer PRIMARY KEY NOT NULL,
	"seed" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "samples" ADD CONSTRAINT "samples_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;