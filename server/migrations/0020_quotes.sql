ALTER TABLE "messages" ADD COLUMN "quote_space_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "quote_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "quote_version" integer;