-- Who is named by these has a name elsewhere, and may have it erased there.
UPDATE "proposal" SET "author" = ("author"::jsonb - 'name')::json WHERE "author" ->> 'kind' = 'user';--> statement-breakpoint
UPDATE "approval" SET "actor" = ("actor"::jsonb - 'name')::json WHERE "actor" ->> 'kind' = 'user';--> statement-breakpoint
UPDATE "webhook" SET "created_by" = ("created_by"::jsonb - 'name')::json WHERE "created_by" ->> 'kind' = 'user';
