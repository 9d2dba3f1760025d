CREATE TABLE "sentence_codes" (
	"passage_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"space_id" uuid NOT NULL,
	"code" bit(512) NOT NULL,
	CONSTRAINT "sentence_codes_passage_id_ordinal_pk" PRIMARY KEY("passage_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "sentence_codes" ADD CONSTRAINT "sentence_codes_passage_id_passages_id_fk" FOREIGN KEY ("passage_id") REFERENCES "public"."passages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sentence_codes_space" ON "sentence_codes" USING btree ("space_id");
--> statement-breakpoint
INSERT INTO "sentence_codes" SELECT "passage_id", "ordinal", "space_id", binary_quantize("embedding")::bit(512) FROM "sentences" WHERE "embedding" IS NOT NULL;
--> statement-breakpoint
-- Earlier versions made it on servers and never used it; see docs/decisions/0010.
DROP INDEX IF EXISTS "sentences_embedding";
