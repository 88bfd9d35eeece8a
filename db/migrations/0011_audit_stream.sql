ALTER TABLE "webhook_delivery" ALTER COLUMN "audit_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook" ALTER COLUMN "project_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_delivery" ADD COLUMN "heads" json;--> statement-breakpoint
UPDATE "kill" SET "actor" = json_build_object('kind', 'user', 'id', "actor" ->> 'id') WHERE "actor" ->> 'kind' = 'user';--> statement-breakpoint
UPDATE "sdk_key" SET "created_by" = json_build_object('kind', 'user', 'id', "created_by" ->> 'id') WHERE "created_by" ->> 'kind' = 'user';--> statement-breakpoint
UPDATE "api_token" SET "created_by" = json_build_object('kind', 'user', 'id', "created_by" ->> 'id') WHERE "created_by" ->> 'kind' = 'user';
