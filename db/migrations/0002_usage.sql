CREATE TABLE "evaluation_count" (
	"environment_id" integer NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"flag" text NOT NULL,
	"variant" text NOT NULL,
	"reason" text NOT NULL,
	"error_code" text NOT NULL,
	"browser" boolean NOT NULL,
	"client" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "evaluation_count_environment_id_minute_flag_variant_reason_error_code_browser_client_pk" PRIMARY KEY("environment_id","minute","flag","variant","reason","error_code","browser","client")
);
--> statement-breakpoint
CREATE TABLE "tracked_event" (
	"environment_id" integer NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"name" text NOT NULL,
	"browser" boolean NOT NULL,
	"client" text NOT NULL,
	"count" bigint NOT NULL,
	"total" double precision NOT NULL,
	CONSTRAINT "tracked_event_environment_id_minute_name_browser_client_pk" PRIMARY KEY("environment_id","minute","name","browser","client")
);
--> statement-breakpoint
ALTER TABLE "evaluation_count" ADD CONSTRAINT "evaluation_count_environment_id_environment_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environment"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tracked_event" ADD CONSTRAINT "tracked_event_environment_id_environment_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environment"("id") ON DELETE no action ON UPDATE no action;