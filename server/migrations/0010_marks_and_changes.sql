ALTER TABLE "spaces" ADD COLUMN "emoji" text;--> statement-breakpoint
ALTER TABLE "spaces" ADD COLUMN "colour" text;--> statement-breakpoint
CREATE INDEX "entries_edited" ON "entries" USING btree ("updated_by","updated_at");--> statement-breakpoint
CREATE INDEX "entries_changed" ON "entries" USING btree ("space_id","updated_at");