CREATE TABLE "parked_events" (
	"follower" text NOT NULL,
	"space_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"subject_id" uuid,
	"attempts" integer NOT NULL,
	"error" text NOT NULL,
	"parked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"retry_at" timestamp (3) with time zone NOT NULL,
	"is_tried" boolean DEFAULT false NOT NULL,
	CONSTRAINT "parked_events_follower_space_id_seq_pk" PRIMARY KEY("follower","space_id","seq")
);
--> statement-breakpoint
ALTER TABLE "parked_events" ADD CONSTRAINT "parked_events_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;