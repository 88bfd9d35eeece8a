-- The database role of edge processes: it reads what is published and writes what they count. Run it once, as the owner
-- of Jackstaff's tables and after they were made, with a password of your own:
--
--   psql "$DATABASE_URL" -v password="'…'" -f deploy/postgres/edge-role.sql
--
-- An edge then starts with DATABASE_URL=postgres://jackstaff_edge:…@host/database. What it cannot do: change a flag, a kill,
-- a key or a person, or read the audit log, sessions and tokens.

create role jackstaff_edge login password :password;

grant usage on schema public to jackstaff_edge;
grant select on project, environment, env_head, config_version, sdk_key to jackstaff_edge;
grant select, insert, update, delete on receipt, connection to jackstaff_edge;
grant select, insert, update on refused_ask to jackstaff_edge;
grant select, insert, update on evaluation_count, tracked_event, seen_attribute to jackstaff_edge;
grant update (used_at) on sdk_key to jackstaff_edge;
grant insert on misused_key to jackstaff_edge;
