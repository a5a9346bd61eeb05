-- The platform, the partners, their customers, and who works there.

CREATE UNLOGGED TABLE bench.partner AS
SELECT n, bench.id(1, n) AS tenant_id, format('partner-%s.example', n) AS domain, bench.id(2, 2 * n) AS admin_id,
  bench.first_name(n * 7) || ' ' || bench.last_name(n * 7) AS admin_name, format('admin@partner-%s.example', n) AS admin_email
FROM bench.size, generate_series(1::bigint, partners) AS n;

CREATE UNLOGGED TABLE bench.customer AS
SELECT s.n, bench.id(3, s.n) AS tenant_id, bench.id(4, s.n) AS relationship_id, p.tenant_id AS partner_id, p.admin_id, p.admin_name,
  p.admin_email, s.name, format('customer-%s.example', s.n) AS domain, country, r.id AS region_id,
  bench.id(5, 2 * s.n) AS owner_id, bench.first_name(2 * s.n) || ' ' || bench.last_name(2 * s.n) AS owner_name,
  format('owner@customer-%s.example', s.n) AS owner_email,
  bench.id(5, 2 * s.n + 1) AS user_id, bench.first_name(2 * s.n + 1) || ' ' || bench.last_name(2 * s.n + 1) AS user_name,
  format('user@customer-%s.example', s.n) AS user_email
FROM bench.name AS s CROSS JOIN bench.country(s.n) AS country
JOIN bench.partner AS p ON p.n = 1 + (s.n - 1) / (SELECT customers FROM bench.size)
CROSS JOIN LATERAL (
  SELECT id FROM support_region WHERE country = ANY (countries) OR is_default ORDER BY is_default LIMIT 1) AS r;
ALTER TABLE bench.customer ADD PRIMARY KEY (n), ADD UNIQUE (tenant_id);
ANALYZE bench.partner, bench.customer;

CREATE UNLOGGED TABLE bench.agent AS
SELECT n, bench.id(6, n) AS id, bench.first_name(n * 5) || ' ' || bench.last_name(n * 5) AS name,
  format('agent-%s@northstar.example', n) AS email, CASE n WHEN 0 THEN 'OPERATOR' WHEN 1 THEN 'AGENT_LEAD' ELSE 'AGENT' END AS role
FROM generate_series(0::bigint, 11) AS n;

INSERT INTO tenant (id, kind, name, slug, environment, country, support_region_id, status, partner_type, managing_partner_id)
SELECT bench.id(0, 0), 'PLATFORM', 'Northstar Online', 'northstar', 'COMMERCIAL', 'US', NULL::uuid, 'ACTIVE', NULL, NULL::uuid
UNION ALL
SELECT tenant_id, 'PARTNER', format('Partner %s', n), format('partner-%s', n), 'COMMERCIAL', bench.country(n), NULL, 'ACTIVE',
  bench.pick(n, 'INDIRECT_PROVIDER', 'DIRECT'), NULL FROM bench.partner
UNION ALL
SELECT tenant_id, 'CUSTOMER', name, format('customer-%s', n), 'COMMERCIAL', country, region_id, 'ACTIVE', NULL, partner_id
FROM bench.customer;

INSERT INTO tenant_security_settings (tenant_id, temporary_support_accounts_allowed, organization_ticket_access,
  session_timeout_minutes, trusted_ips, managing_partner_id)
SELECT id, true, 'VIEW_AND_REPLY', 720, '{}', managing_partner_id FROM tenant;

CREATE UNLOGGED TABLE bench.person AS
SELECT id, email, name, role, bench.id(0, 0) AS tenant_id, NULL::uuid AS managing_partner_id FROM bench.agent
UNION ALL
SELECT admin_id, admin_email, admin_name, 'PARTNER_ADMIN', tenant_id, NULL FROM bench.partner
UNION ALL
SELECT owner_id, owner_email, owner_name, 'TENANT_OWNER', tenant_id, partner_id FROM bench.customer
UNION ALL
SELECT user_id, user_email, user_name, 'STANDARD_USER', tenant_id, partner_id FROM bench.customer;

INSERT INTO user_account (id, email, identity_provider, first_name, last_name, sign_in_kind, password_hash, email_verified_at, status)
SELECT id, email, 'local', split_part(name, ' ', 1), split_part(name, ' ', 2), 'LOCAL', password_hash, now(), 'ACTIVE'
FROM bench.person, bench.size ORDER BY id;

INSERT INTO membership (id, user_id, role, status, tenant_id, managing_partner_id)
SELECT bench.id(7, row_number() OVER (ORDER BY id)), id, role, 'ACTIVE', tenant_id, managing_partner_id FROM bench.person;

INSERT INTO management_relationship (id, tenant_id, customer_tenant_id, mode, status, registered_account, organization_name,
  search_name, country, created_at, updated_at)
SELECT relationship_id, partner_id, tenant_id, 'PARTNER', 'ACTIVE', owner_email, name, lower(unaccent(name)), country, since, since
FROM bench.customer CROSS JOIN LATERAL (SELECT now() - make_interval(days => 600 + bench.dice(n, 1, 300)) AS since) AS s;

-- Nearly all have one of the tags that the benchmark filters by; see bench/README.md.
INSERT INTO customer_profile (relationship_id, tenant_id, customer_tenant_id, tags, billing_reports_enabled, service_reports_enabled)
SELECT relationship_id, partner_id, tenant_id, ARRAY(
    SELECT DISTINCT tag FROM unnest(ARRAY[
      CASE WHEN n % 25 <> 3 THEN bench.pick(bench.dice(n, 2, 4), 'retail', 'health', 'education', 'public') END,
      CASE WHEN n % 3 = 0 THEN bench.pick(bench.dice(n, 3, 5), 'key account', 'onboarding', 'renewal due', 'seasonal', 'àl-paris') END
    ]) AS tag WHERE tag IS NOT NULL ORDER BY tag),
  n % 3 = 1, n % 4 = 1
FROM bench.customer;
