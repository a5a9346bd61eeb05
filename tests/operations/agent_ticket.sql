-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17) AS MATERIALIZED (SELECT ticket.id, ticket.kind, ticket.origin, ticket.status, ticket.severity, ticket.issue_type, ticket.job_ids, ticket.reopened_count, ticket.closure_code, ticket.tenant_owner_name, ticket.tenant_owner_email, ticket.tenant_id, ticket.managing_partner_id, ticket.requester_user_id, ticket.assignee_id, ticket.resolved_at, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT') AND ticket_participant.can_reply) AS viewer_replies, true AS viewer_in_charge
FROM ticket
WHERE ticket.number = $2::VARCHAR OR ticket.id = (SELECT ticket_1.merged_into_id
FROM ticket AS ticket_1
WHERE ticket_1.number = $3::VARCHAR) ORDER BY ticket.number = $4::VARCHAR),
part1 (c0, c1, c2) AS MATERIALIZED (SELECT tenant.name, tenant.id, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY (ARRAY(SELECT DISTINCT c11 FROM part0 WHERE c11 IS NOT NULL)::UUID[])),
part4 (c0, c1, c2, c3) AS MATERIALIZED (SELECT parent.key AS parent_key, page.unit, page.available, page.id
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part1 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement.unit AS unit, entitlement.available AS available, entitlement.id AS id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.tenant_id = parent.key ORDER BY entitlement.id ASC
LIMIT 2) AS page ON true ORDER BY page.id ASC),
part7 (c0, c1, c2, c3, c4) AS MATERIALIZED (SELECT ticket.entitlement_quantity, ticket.credited_at, ticket.entitlement_id, ticket.contract_id, ticket.id AS parent_key
FROM ticket
WHERE ticket.id = ANY (ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AND ticket.entitlement_id IS NOT NULL)
SELECT 0, c0::UUID, c11::UUID, c12::UUID, c13::UUID, c14::UUID, c1::TEXT, c2::TEXT, c3::TEXT, c5::TEXT, c8::TEXT, c9::TEXT, c10::TEXT, c4::BIGINT, c7::BIGINT, c6::TEXT[], c15::TIMESTAMP WITH TIME ZONE, c16::BOOLEAN, c17::BOOLEAN, NULL::NUMERIC FROM part0
UNION ALL
SELECT 1, c1::UUID, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM part1
UNION ALL
SELECT 2, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM (SELECT management_relationship.mode, management_relationship.customer_tenant_id AS parent_key
FROM management_relationship
WHERE false) AS part2 (c0, c1)
UNION ALL
SELECT 3, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, page.number, page.status
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part1 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.status AS status, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 3) AS page ON true ORDER BY page.created_at DESC, page.id DESC) AS part3 (c0, c1, c2)
UNION ALL
SELECT 4, c0::UUID, c3::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, c2::NUMERIC FROM part4
UNION ALL
SELECT 5, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c3::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, c2::NUMERIC FROM (SELECT parent.key AS parent_key, page.kind, page.quantity, page.reason
FROM unnest(ARRAY(SELECT DISTINCT c3 FROM part4 WHERE c3 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement_transaction.kind AS kind, entitlement_transaction.quantity AS quantity, entitlement_transaction.reason AS reason, entitlement_transaction.occurred_at AS occurred_at, entitlement_transaction.id AS id
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key ORDER BY entitlement_transaction.occurred_at DESC, entitlement_transaction.id DESC
LIMIT 2) AS page ON true ORDER BY page.occurred_at DESC, page.id DESC) AS part5 (c0, c1, c2, c3)
UNION ALL
SELECT 6, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c3::TEXT, c4::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, page.visibility, page.author_side, page.author_name, page.body
FROM unnest(ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_message.visibility AS visibility, ticket_message.author_side AS author_side, ticket_message.author_name AS author_name, ticket_message.body AS body, ticket_message.created_at AS created_at, ticket_message.id AS id
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id)) AND ticket_message.ticket_id = parent.key ORDER BY ticket_message.created_at ASC, ticket_message.id ASC
LIMIT 5) AS page ON true ORDER BY page.created_at ASC, page.id ASC) AS part6 (c0, c1, c2, c3, c4)
UNION ALL
SELECT 7, c2::UUID, c3::UUID, c4::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], c1::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, c0::NUMERIC FROM part7
UNION ALL
SELECT 8, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM (SELECT entitlement.unit, entitlement.id AS parent_key
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part7 WHERE c2 IS NOT NULL)::UUID[])) AS part8 (c0, c1)
UNION ALL
SELECT 9, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BIGINT, NULL::TEXT[], NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::NUMERIC FROM (SELECT support_contract.access_id, support_contract.plan_name, support_contract.id AS parent_key
FROM support_contract
WHERE support_contract.id = ANY (ARRAY(SELECT DISTINCT c3 FROM part7 WHERE c3 IS NOT NULL)::UUID[])) AS part9 (c0, c1, c2)
