#!/usr/bin/env bash
# Makes the roles in a new database: the image of PostgreSQL runs it, with the passwords in its environment.
# In one that is there already: docker compose exec postgres bash /docker-entrypoint-initdb.d/10-roles.sh
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set migrate_password="$MIGRATE_PASSWORD" --set worker_password="$WORKER_PASSWORD" \
    --set clerk_password="$CLERK_PASSWORD" --set approver_password="$APPROVER_PASSWORD" \
    --file /compose/roles.sql
