CREATE TABLE "links" (
	"space_id" uuid NOT NULL,
	"from_type" text NOT NULL,
	"from_id" uuid NOT NULL,
	"from_version" integer NOT NULL,
	"from_seq" bigint,
	"rel" text NOT NULL,
	"to_type" text NOT NULL,
	"to_id" uuid NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	CONSTRAINT "links_space_id_from_type_from_id_to_type_to_id_pk" PRIMARY KEY("space_id","from_type","from_id","to_type","to_id")
);
--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "links_mentions" ON "links" USING btree ("to_id","space_id","from_seq") WHERE "links"."rel" = 'mention';