CREATE TABLE "seen_attribute" (
	"environment_id" integer NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"browser" boolean NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "seen_attribute_environment_id_name_type_browser_pk" PRIMARY KEY("environment_id","name","type","browser")
);
--> statement-breakpoint
ALTER TABLE "seen_attribute" ADD CONSTRAINT "seen_attribute_environment_id_environment_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environment"("id") ON DELETE no action ON UPDATE no action;