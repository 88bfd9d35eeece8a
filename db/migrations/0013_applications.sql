CREATE TABLE "connection" (
	"node" text NOT NULL,
	"environment_id" integer NOT NULL,
	"key_id" text NOT NULL,
	"client" text NOT NULL,
	"protocol" text NOT NULL,
	"open" integer NOT NULL,
	"current" integer NOT NULL,
	"since" timestamp with time zone,
	"asked_at" timestamp with time zone,
	"epoch" integer NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "connection_node_environment_id_key_id_client_protocol_pk" PRIMARY KEY("node","environment_id","key_id","client","protocol")
);
--> statement-breakpoint
CREATE TABLE "refused_ask" (
	"reason" text NOT NULL,
	"key_id" text NOT NULL,
	"client" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "refused_ask_reason_key_id_pk" PRIMARY KEY("reason","key_id")
);
--> statement-breakpoint
ALTER TABLE "evaluation_count" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_environment_id_environment_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environment"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_key_id_sdk_key_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."sdk_key"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_environment" ON "connection" USING btree ("environment_id");--> statement-breakpoint
CREATE INDEX "evaluation_count_flag" ON "evaluation_count" USING btree ("environment_id","flag","minute");--> statement-breakpoint
CREATE INDEX "evaluation_count_unknown" ON "evaluation_count" USING btree ("environment_id","minute") WHERE "evaluation_count"."error_code" = 'FLAG_NOT_FOUND';