#!/bin/sh
# Run once by the image of PostgreSQL, in an empty data folder: the database and its roles.
#
# bailiwick_owner owns the tables and migrates them; bailiwick_app serves requests, bailiwick_worker runs jobs with what
# these need alone, and both own nothing. Row-level security is forced on all: none is a superuser, none may bypass it.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=owner="$BAILIWICK_OWNER_PASSWORD" --set=app="$BAILIWICK_APP_PASSWORD" \
    --set=worker="$BAILIWICK_WORKER_PASSWORD" <<'SQL'
CREATE ROLE bailiwick_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner';
CREATE ROLE bailiwick_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app';
CREATE ROLE bailiwick_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'worker';
CREATE DATABASE bailiwick OWNER bailiwick_owner;
REVOKE ALL ON DATABASE bailiwick FROM PUBLIC;
GRANT CONNECT ON DATABASE bailiwick TO bailiwick_app, bailiwick_worker;
SQL
