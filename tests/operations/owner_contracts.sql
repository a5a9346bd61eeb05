-- 1
SELECT support_contract_link.id, CASE WHEN (support_contract.status = $1) THEN $2 WHEN (support_contract.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (support_contract.status = $5) THEN $6 WHEN (support_contract.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $7 WHEN (NOT (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.available > $8::INTEGER))) THEN $9 ELSE $10 END AS status, support_contract.program, EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.unit = $11 AND entitlement.available >= $12::INTEGER) AS has_incident, EXISTS (SELECT *
FROM service, support_contract_eligibility
WHERE service.id = $13::UUID AND support_contract_eligibility.contract_id = support_contract.id AND (support_contract_eligibility.service_id = service.id OR support_contract_eligibility.family = service.family) AND ((support_contract.program NOT IN ($19, $20, $21)) OR service.family != $14)) AS covered, service.family AS family, support_contract_link.channel_id, service.channel_id AS needed_channel_id, support_contract_link.contract_id, support_contract_link.user_id AS parent_key
FROM support_contract_link JOIN support_contract ON support_contract.id = support_contract_link.contract_id LEFT OUTER JOIN service ON service.id = $15::UUID
WHERE support_contract_link.tenant_id = $16::UUID AND support_contract_link.user_id = $17::UUID AND support_contract_link.user_id = ANY ($18::UUID[]) AND support_contract_link.revoked_at IS NULL ORDER BY support_contract_link.linked_at ASC, support_contract_link.id ASC

-- 2
SELECT support_channel.name, support_channel.requires_support_contract, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY ($1::UUID[])

-- 3
SELECT support_contract.valid_from, support_contract.program, support_contract.partner_number, support_contract.country, support_contract.access_id, support_contract.plan_name, support_contract.valid_until, support_contract.id, support_contract.id AS parent_key
FROM support_contract
WHERE (support_contract.tenant_id = $1::UUID OR support_contract.id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $1::UUID AND support_contract_link_1.revoked_at IS NULL AND support_contract_link_1.user_id = $2::UUID)))) AND support_contract.id = ANY ($3::UUID[])

-- 4
SELECT support_contract_eligibility.family, support_contract_eligibility.service_id, support_contract_eligibility.contract_id AS parent_key
FROM support_contract_eligibility
WHERE (support_contract_eligibility.tenant_id = $1::UUID OR support_contract_eligibility.contract_id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $1::UUID AND support_contract_link_1.revoked_at IS NULL AND support_contract_link_1.user_id = $2::UUID)))) AND support_contract_eligibility.contract_id = ANY ($3::UUID[]) ORDER BY support_contract_eligibility.id ASC

-- 5
SELECT service.key, service.name, service.family, service.startable, service.batch_editable, service.asks_audience, service.premium, service.channel_id, service.addon_of, service.id, service.created_at, service.updated_at, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[])
LIMIT $2::INTEGER

-- 6
WITH part0 (c0, c1, c2, c3) AS MATERIALIZED (SELECT support_contract.access_id, support_contract.plan_name, CASE WHEN (support_contract.status = $1) THEN $2 WHEN (support_contract.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (support_contract.status = $5) THEN $6 WHEN (support_contract.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $7 WHEN (NOT (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.available > $8::INTEGER))) THEN $9 ELSE $10 END AS status, support_contract.id
FROM support_contract
WHERE (support_contract.tenant_id = $11::UUID OR support_contract.id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $11::UUID AND support_contract_link_1.revoked_at IS NULL AND support_contract_link_1.user_id = $12::UUID)))) AND support_contract.id = ANY (array((SELECT support_contract_link_2.contract_id
FROM support_contract_link AS support_contract_link_2
WHERE support_contract_link_2.tenant_id = $11::UUID AND support_contract_link_2.revoked_at IS NULL AND support_contract_link_2.user_id = $12::UUID AND support_contract_link_2.channel_id = $13::UUID))) AND CASE WHEN (support_contract.status = $14) THEN $15 WHEN (support_contract.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $16 WHEN (support_contract.status = $17) THEN $18 WHEN (support_contract.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $19 WHEN (NOT (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.available > $20::INTEGER))) THEN $21 ELSE $22 END = $23 AND (EXISTS (SELECT *
FROM service, support_contract_eligibility
WHERE service.id = $24::UUID AND support_contract_eligibility.contract_id = support_contract.id AND (support_contract_eligibility.service_id = service.id OR support_contract_eligibility.family = service.family) AND ((support_contract.program NOT IN ($25, $26, $27)) OR service.family != $28))) AND (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.unit = $29 AND entitlement.available >= $30::INTEGER)) ORDER BY support_contract.access_id, support_contract.id)
SELECT 0, c0::TEXT, c1::TEXT, c2::TEXT, c3::UUID, NULL::NUMERIC FROM part0
UNION ALL
SELECT 1, c1::TEXT, NULL::TEXT, NULL::TEXT, c0::UUID, c2::NUMERIC FROM (SELECT parent.key AS parent_key, page.unit, page.available
FROM unnest(ARRAY(SELECT DISTINCT c3 FROM part0 WHERE c3 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement.unit AS unit, entitlement.available AS available, entitlement.id AS id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE (entitlement.tenant_id = $11::UUID OR entitlement.contract_id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $11::UUID AND support_contract_link_1.revoked_at IS NULL AND support_contract_link_1.user_id = $12::UUID)))) AND entitlement.contract_id = parent.key ORDER BY entitlement.id ASC
LIMIT 2) AS page ON true ORDER BY page.id ASC) AS part1 (c0, c1, c2)
