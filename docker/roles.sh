#!/bin/sh
# Run once by the image of PostgreSQL, in an empty data folder: the database and its two roles.
#
# bailiwick_owner owns the tables and migrates them; bailiwick_app serves requests and owns nothing. Row-level security is
# forced on both: neither is a superuser, neither may bypass it.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=owner="$BAILIWICK_OWNER_PASSWORD" --set=app="$BAILIWICK_APP_PASSWORD" <<'SQL'
CREATE ROLE bailiwick_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner';
CREATE ROLE bailiwick_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app';
CREATE DATABASE bailiwick OWNER bailiwick_owner;
REVOKE ALL ON DATABASE bailiwick FROM PUBLIC;
GRANT CONNECT ON DATABASE bailiwick TO bailiwick_app;
SQL
