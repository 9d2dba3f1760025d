CREATE TABLE "read_marks" (
	"space_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"thread_id" uuid,
	"seq" bigint NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "read_marks_place" UNIQUE NULLS NOT DISTINCT("space_id","user_id","thread_id")
);
--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "joined_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "read_marks" ADD CONSTRAINT "read_marks_space_id_user_id_memberships_space_id_user_id_fk" FOREIGN KEY ("space_id","user_id") REFERENCES "public"."memberships"("space_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- Who is a member already has read everything, until a browser says otherwise.
UPDATE memberships m SET joined_seq = s.last_seq FROM spaces s WHERE s.id = m.space_id;
