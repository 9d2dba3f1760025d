CREATE TABLE "pins" (
	"space_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pins_space_id_message_id_pk" PRIMARY KEY("space_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "saved" (
	"user_id" uuid NOT NULL,
	"space_id" uuid NOT NULL,
	"type" text NOT NULL,
	"id" uuid NOT NULL,
	"due_at" timestamp (3) with time zone,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "saved_user_id_space_id_type_id_pk" PRIMARY KEY("user_id","space_id","type","id")
);
--> statement-breakpoint
ALTER TABLE "thread_follows" ADD COLUMN "read_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_space_id_message_id_messages_space_id_id_fk" FOREIGN KEY ("space_id","message_id") REFERENCES "public"."messages"("space_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved" ADD CONSTRAINT "saved_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved" ADD CONSTRAINT "saved_space_id_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."spaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pins_user" ON "pins" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "saved_space" ON "saved" USING btree ("space_id");--> statement-breakpoint
CREATE INDEX "messages_time" ON "messages" USING btree ("space_id","created_at") WHERE "messages"."thread_id" is null or "messages"."in_space";--> statement-breakpoint
UPDATE "thread_follows" w SET "read_seq" = s."last_seq" FROM "spaces" s WHERE s."id" = w."space_id";
