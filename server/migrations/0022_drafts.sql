CREATE TABLE "drafts" (
	"user_id" uuid NOT NULL,
	"space_id" uuid NOT NULL,
	"thread_id" uuid,
	"text" text NOT NULL,
	"files" uuid[] DEFAULT '{}' NOT NULL,
	"version" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "drafts_place" UNIQUE NULLS NOT DISTINCT("user_id","space_id","thread_id")
);
--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drafts_space" ON "drafts" USING btree ("space_id");