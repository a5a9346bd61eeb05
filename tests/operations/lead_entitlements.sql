-- 1
WITH part0 (c0, c1, c2, c3, c4) AS MATERIALIZED (SELECT entitlement.available, entitlement.total - entitlement.available AS used, entitlement.total, entitlement.contract_id, entitlement.id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.unit = $1 AND CASE WHEN (support_contract.status = $2) THEN $3 WHEN (support_contract.valid_until <= $4::TIMESTAMP WITH TIME ZONE) THEN $5 WHEN (support_contract.status = $6) THEN $7 WHEN (support_contract.valid_from > $4::TIMESTAMP WITH TIME ZONE) THEN $8 WHEN (entitlement.available <= $9::INTEGER) THEN $10 ELSE $11 END = $12 ORDER BY entitlement.id ASC
LIMIT 3)
SELECT 0, c0::NUMERIC, c1::NUMERIC, c2::NUMERIC, c3::UUID, c4::UUID, NULL::INTEGER, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE FROM part0
UNION ALL
SELECT 1, NULL::NUMERIC, NULL::NUMERIC, NULL::NUMERIC, NULL::UUID, NULL::UUID, c0::INTEGER, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT count(*) AS count
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.unit = $13 AND CASE WHEN (support_contract.status = $14) THEN $15 WHEN (support_contract.valid_until <= $4::TIMESTAMP WITH TIME ZONE) THEN $16 WHEN (support_contract.status = $17) THEN $18 WHEN (support_contract.valid_from > $4::TIMESTAMP WITH TIME ZONE) THEN $19 WHEN (entitlement.available <= $20::INTEGER) THEN $21 ELSE $22 END = $23) AS part1 (c0)
UNION ALL
SELECT 2, NULL::NUMERIC, NULL::NUMERIC, NULL::NUMERIC, c5::UUID, NULL::UUID, NULL::INTEGER, c0::TEXT, c1::TEXT, c2::TEXT, c3::TEXT, c4::TEXT, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT support_contract.access_id, support_contract.plan_name, support_contract.country, support_contract.partner_number, support_contract.sharing, support_contract.id AS parent_key
FROM support_contract
WHERE support_contract.id = ANY (ARRAY(SELECT DISTINCT c3 FROM part0 WHERE c3 IS NOT NULL)::UUID[])) AS part2 (c0, c1, c2, c3, c4, c5)
UNION ALL
SELECT 3, NULL::NUMERIC, NULL::NUMERIC, NULL::NUMERIC, c0::UUID, NULL::UUID, c1::INTEGER, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c4 FROM part0 WHERE c4 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key) AS counted ON true) AS part3 (c0, c1)
UNION ALL
SELECT 4, c2::NUMERIC, NULL::NUMERIC, NULL::NUMERIC, c0::UUID, NULL::UUID, NULL::INTEGER, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, c3::TIMESTAMP WITH TIME ZONE FROM (SELECT parent.key AS parent_key, page.kind, page.quantity, page.occurred_at
FROM unnest(ARRAY(SELECT DISTINCT c4 FROM part0 WHERE c4 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement_transaction.kind AS kind, entitlement_transaction.quantity AS quantity, entitlement_transaction.occurred_at AS occurred_at, entitlement_transaction.id AS id
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key ORDER BY entitlement_transaction.occurred_at ASC, entitlement_transaction.id ASC
LIMIT 2) AS page ON true ORDER BY page.occurred_at ASC, page.id ASC) AS part4 (c0, c1, c2, c3)
