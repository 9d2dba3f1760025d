ALTER TABLE "audit_log" ADD COLUMN "space_id" uuid;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "detail" text;