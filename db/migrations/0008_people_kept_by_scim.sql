CREATE TABLE "misused_key" (
	"key_id" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"origin" text NOT NULL,
	"recorded_at" timestamp with time zone,
	CONSTRAINT "misused_key_key_id_hour_pk" PRIMARY KEY("key_id","hour")
);
--> statement-breakpoint
ALTER TABLE "app_user" ADD COLUMN "user_name" text;--> statement-breakpoint
ALTER TABLE "misused_key" ADD CONSTRAINT "misused_key_key_id_sdk_key_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."sdk_key"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "app_user_name" ON "app_user" USING btree (lower("user_name"));