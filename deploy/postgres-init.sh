#!/bin/sh
# Run once by the PostgreSQL image when its data folder is new: the app's own role, which owns its
# database and is no superuser; and the extensions, which an ordinary role may not all create.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat "${SECRETS:-/secrets}/owner-password")" <<'SQL'
create role teambrain login password :'password';
select format('alter database %I owner to teambrain', current_database()) \gexec
create extension if not exists vector;
create extension if not exists pg_trgm;
SQL
