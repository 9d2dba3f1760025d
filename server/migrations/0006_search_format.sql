ALTER TABLE "passages" ADD COLUMN "format" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "passages_format" ON "passages" USING btree ("format");