-- Four services and two balances for every customer.

CREATE UNLOGGED TABLE bench.service AS
SELECT row_number() OVER (ORDER BY s.key) - 1 AS n, s.id, s.startable, c.requires_support_contract AS draws, c.id AS channel_id
FROM service AS s JOIN support_channel AS c ON c.id = s.channel_id;

INSERT INTO service_subscription (id, tenant_id, managing_partner_id, service_id, kind, seats, valid_from, valid_until, status,
  contract_ends_at)
SELECT bench.id(8, c.n * 4 + place), c.tenant_id, c.partner_id, s.id, bench.pick(c.n + place, 'PAID', 'PAID', 'TRIAL'),
  5 + bench.dice(c.n * 4 + place, 4, 250), began, began + interval '400 days', 'ACTIVE',
  CASE WHEN c.n % 3 = 0 THEN began + interval '800 days' END
FROM bench.customer AS c CROSS JOIN generate_series(0, 3) AS place
JOIN bench.service AS s ON s.n = (c.n + place * 3) % (SELECT count(*) FROM bench.service)
CROSS JOIN LATERAL (SELECT now() - make_interval(days => 30 + bench.dice(c.n * 4 + place, 5, 330)) AS began) AS b;

INSERT INTO service_setup (id, tenant_id, managing_partner_id, subscription_id, service_id, status, started_at, started_by)
SELECT bench.id(9, row_number() OVER (ORDER BY l.id)), l.tenant_id, l.managing_partner_id, l.id, l.service_id, 'STARTED',
  l.valid_from + interval '1 day', c.admin_id
FROM service_subscription AS l JOIN bench.service AS s ON s.id = l.service_id JOIN bench.customer AS c USING (tenant_id)
WHERE s.startable;

-- Linked by the owner and by the partner's administrator, so that nested queries show them.
INSERT INTO support_contract (id, tenant_id, linked_tenant_ids, access_id, contract_id_hash, contract_id_encrypted, plan_name,
  program, partner_number, country, region_id, valid_from, valid_until, activation_policy, status, sharing)
SELECT bench.id(10, n), tenant_id, ARRAY[partner_id, tenant_id], lpad(n::text, 10, '0'), contract_hash, contract_encrypted,
  bench.pick(n, 'Premier', 'Advanced', 'Standard'), 'CORE', lpad((n * 37)::text, 7, '1'), country, region_id,
  began, began + interval '1 year', 'ON_REQUEST', 'ACTIVE', 'ANY_WITH_IDS'
FROM bench.customer CROSS JOIN bench.size
CROSS JOIN LATERAL (SELECT now() - make_interval(days => 5 + bench.dice(n, 6, 300)) AS began) AS b;

INSERT INTO support_contract_eligibility (id, tenant_id, linked_tenant_ids, contract_id, family)
SELECT bench.id(11, n), tenant_id, ARRAY[partner_id, tenant_id], bench.id(10, n), 'CLOUD' FROM bench.customer;

INSERT INTO support_contract_link (id, tenant_id, user_id, contract_id, channel_id, linked_at)
SELECT bench.id(12, n * 2 + place), CASE place WHEN 0 THEN tenant_id ELSE partner_id END,
  CASE place WHEN 0 THEN owner_id ELSE admin_id END, bench.id(10, n), h.id, now() - interval '4 days'
FROM bench.customer CROSS JOIN generate_series(0, 1) AS place CROSS JOIN support_channel AS h WHERE h.key = 'professional';
