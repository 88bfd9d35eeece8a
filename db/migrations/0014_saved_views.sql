CREATE TABLE "saved_view" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"shared" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "starred_view" (
	"project_id" integer NOT NULL,
	"user_id" text NOT NULL,
	"view" text NOT NULL,
	CONSTRAINT "starred_view_project_id_user_id_pk" PRIMARY KEY("project_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "starred_view" ADD CONSTRAINT "starred_view_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "starred_view" ADD CONSTRAINT "starred_view_user_id_app_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."app_user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_view_name" ON "saved_view" USING btree ("project_id","user_id",lower("name"));--> statement-breakpoint
CREATE INDEX "saved_view_person" ON "saved_view" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "flag_list" ON "flag" USING btree ("project_id","key") WHERE "flag"."archived_at" is null;--> statement-breakpoint
CREATE INDEX "targeting_segment" ON "targeting" USING btree ("environment_id") WHERE "targeting"."rules"::text like '%"segment":%';