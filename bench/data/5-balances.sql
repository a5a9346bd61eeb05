-- What was granted, and what incidents drew: balances as their ledger leaves them.

INSERT INTO entitlement (id, tenant_id, linked_tenant_ids, contract_id, unit, total, available)
SELECT bench.id(13, n * 2), tenant_id, ARRAY[partner_id, tenant_id], bench.id(10, n), 'INCIDENT', granted, granted - 5
FROM bench.customer CROSS JOIN LATERAL (SELECT 5 + bench.dice(n, 16, 40) AS granted) AS g
UNION ALL
SELECT bench.id(13, n * 2 + 1), tenant_id, ARRAY[partner_id, tenant_id], bench.id(10, n), 'HOUR', hours, hours
FROM bench.customer CROSS JOIN LATERAL (SELECT 8 + bench.dice(n, 17, 80) AS hours) AS g;

INSERT INTO entitlement_transaction (id, tenant_id, entitlement_id, kind, quantity, reason, occurred_at)
SELECT bench.id(15, row_number() OVER (ORDER BY e.id)), e.tenant_id, e.id, 'GRANT', e.total, c.plan_name, c.valid_from
FROM entitlement AS e JOIN support_contract AS c ON c.id = e.contract_id;

INSERT INTO entitlement_transaction (id, tenant_id, entitlement_id, ticket_id, kind, quantity, actor_user_id, occurred_at)
SELECT bench.id(16, number::bigint), tenant_id, entitlement_id, id, 'DEBIT', 1, requester_user_id, created_at
FROM ticket WHERE entitlement_id IS NOT NULL;

ALTER TABLE ticket ENABLE TRIGGER stamp_search_text;
SELECT setval('ticket_number', (SELECT partners * customers * 30 FROM bench.size));
