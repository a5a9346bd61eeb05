-- A schema of the load's own, gone at its end: what the other files share.
-- bench.size is the one row (partners, customers of each); bench.phrase and bench.name were copied before.

CREATE FUNCTION bench.id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ('019a0000-00' || lpad(to_hex(kind), 2, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

-- The same number from 0 to below `sides` at every load.
CREATE FUNCTION bench.dice(n bigint, seed integer, sides integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN abs(hashint8extended(n, seed) % sides)::integer;

-- One of several values.
CREATE FUNCTION bench.pick(n bigint, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN choices[1 + n % cardinality(choices)];

CREATE FUNCTION bench.first_name(n bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT first_names[1 + n % cardinality(first_names)] FROM bench.size);
CREATE FUNCTION bench.last_name(n bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT last_names[1 + (n * 11 + n / 31) % cardinality(last_names)] FROM bench.size);
CREATE FUNCTION bench.country(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN bench.pick(n, 'US', 'DE', 'GB', 'FR', 'SE', 'PL', 'ES', 'JP', 'AU', 'CA', 'BR', 'IN');

-- What is searched comes from the one place that knows how, although the other triggers are off.
ALTER TABLE ticket ENABLE ALWAYS TRIGGER stamp_search_text;
