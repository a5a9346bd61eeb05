-- 1
SELECT entitlement.available, entitlement.total - entitlement.available AS used, entitlement.total, entitlement.contract_id, entitlement.id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.unit = $1 AND CASE WHEN (support_contract.status = $2) THEN $3 WHEN (support_contract.valid_until <= $4::TIMESTAMP WITH TIME ZONE) THEN $5 WHEN (support_contract.status = $6) THEN $7 WHEN (support_contract.valid_from > $4::TIMESTAMP WITH TIME ZONE) THEN $8 WHEN (entitlement.available <= $9::INTEGER) THEN $10 ELSE $11 END = $12 ORDER BY entitlement.id ASC
LIMIT 3

-- 2
SELECT count(*) AS count
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.unit = $1 AND CASE WHEN (support_contract.status = $2) THEN $3 WHEN (support_contract.valid_until <= $4::TIMESTAMP WITH TIME ZONE) THEN $5 WHEN (support_contract.status = $6) THEN $7 WHEN (support_contract.valid_from > $4::TIMESTAMP WITH TIME ZONE) THEN $8 WHEN (entitlement.available <= $9::INTEGER) THEN $10 ELSE $11 END = $12

-- 3
SELECT support_contract.access_id, support_contract.plan_name, support_contract.country, support_contract.partner_number, support_contract.sharing, support_contract.id AS parent_key
FROM support_contract
WHERE support_contract.id = ANY ($1::UUID[])

-- 4
SELECT parent.key AS parent_key, page.kind, page.quantity, page.occurred_at
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement_transaction.kind AS kind, entitlement_transaction.quantity AS quantity, entitlement_transaction.occurred_at AS occurred_at, entitlement_transaction.id AS id
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key ORDER BY entitlement_transaction.occurred_at ASC, entitlement_transaction.id ASC
LIMIT 2) AS page ON true ORDER BY page.occurred_at ASC, page.id ASC

-- 5
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key) AS counted ON true
