CREATE TABLE "sso_connection" (
	"key" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"issuer" text NOT NULL,
	"settings" json NOT NULL,
	"secret" text,
	"groups_claim" text NOT NULL,
	"fallback" text NOT NULL,
	"scim_match" json,
	"mapping" json NOT NULL,
	"created_by" json NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sso_attempt" (
	"id" text PRIMARY KEY NOT NULL,
	"ref" text NOT NULL,
	"browser" text NOT NULL,
	"connection" text NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text,
	"session" text,
	"next" text NOT NULL,
	"checks" json,
	"draft" text,
	"said" json,
	"outcome" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone DEFAULT now() + interval '10 minutes' NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "sso_attempt_ref_unique" UNIQUE("ref")
);
--> statement-breakpoint
DROP INDEX "role_grant_once";--> statement-breakpoint
ALTER TABLE "group_member" ADD COLUMN "connection" text;--> statement-breakpoint
ALTER TABLE "role_grant" ADD COLUMN "connection" text;--> statement-breakpoint
ALTER TABLE "sso_attempt" ADD CONSTRAINT "sso_attempt_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sso_connection_issuer" ON "sso_connection" USING btree ("issuer");--> statement-breakpoint
CREATE INDEX "sso_attempt_expiry" ON "sso_attempt" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_connection_sso_connection_key_fk" FOREIGN KEY ("connection") REFERENCES "public"."sso_connection"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_connection_sso_connection_key_fk" FOREIGN KEY ("connection") REFERENCES "public"."sso_connection"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "role_grant_once" ON "role_grant" USING btree (coalesce("user_id", "group_id", "token_id"),"role",coalesce("project_id", 0),coalesce("environment_id", 0),"source",coalesce("connection", ''));