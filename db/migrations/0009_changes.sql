CREATE TABLE "approval" (
	"proposal_id" text NOT NULL,
	"person" text NOT NULL,
	"actor" json NOT NULL,
	"hash" text NOT NULL,
	"verdict" text NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "approval_proposal_id_person_pk" PRIMARY KEY("proposal_id","person")
);
--> statement-breakpoint
CREATE TABLE "proposal" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"environment_id" integer NOT NULL,
	"author" json NOT NULL,
	"changes" json NOT NULL,
	"hash" text NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"at" timestamp with time zone,
	"problem" text,
	"version" integer DEFAULT 1 NOT NULL,
	"published" json,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "environment" ADD COLUMN "policy" json DEFAULT '{"approvals":1,"confirm":true,"freezes":[]}'::json NOT NULL;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_proposal_id_proposal_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposal"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_environment_id_environment_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environment"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposal_environment" ON "proposal" USING btree ("environment_id","status");--> statement-breakpoint
CREATE INDEX "proposal_due" ON "proposal" USING btree ("status","at");