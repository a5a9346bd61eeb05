-- 1
SELECT ticket.id, ticket.kind, ticket.origin, ticket.status, ticket.severity, ticket.issue_type, ticket.job_ids, ticket.reopened_count, ticket.closure_code, ticket.tenant_owner_name, ticket.tenant_owner_email, ticket.tenant_id, ticket.managing_partner_id, ticket.requester_user_id, ticket.assignee_id, ticket.resolved_at, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') AS viewer_copied
FROM ticket
WHERE ticket.number = $2::VARCHAR

-- 2
SELECT tenant.name, tenant.id, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY ($1::UUID[])

-- 3
SELECT management_relationship.mode, management_relationship.customer_tenant_id AS parent_key
FROM management_relationship
WHERE false

-- 4
SELECT parent.key AS parent_key, page.number, page.status
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.status AS status, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 3) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 5
SELECT parent.key AS parent_key, page.unit, page.available, page.id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement.unit AS unit, entitlement.available AS available, entitlement.id AS id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.tenant_id = parent.key ORDER BY entitlement.id ASC
LIMIT 2) AS page ON true ORDER BY page.id ASC

-- 6
SELECT parent.key AS parent_key, page.kind, page.quantity, page.reason
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement_transaction.kind AS kind, entitlement_transaction.quantity AS quantity, entitlement_transaction.reason AS reason, entitlement_transaction.occurred_at AS occurred_at, entitlement_transaction.id AS id
FROM entitlement_transaction
WHERE entitlement_transaction.entitlement_id = parent.key ORDER BY entitlement_transaction.occurred_at DESC, entitlement_transaction.id DESC
LIMIT 2) AS page ON true ORDER BY page.occurred_at DESC, page.id DESC

-- 7
SELECT parent.key AS parent_key, page.visibility, page.author_side, page.author_name, page.body
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_message.visibility AS visibility, ticket_message.author_side AS author_side, ticket_message.author_name AS author_name, ticket_message.body AS body, ticket_message.created_at AS created_at, ticket_message.id AS id
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id)) AND ticket_message.ticket_id = parent.key ORDER BY ticket_message.created_at ASC, ticket_message.id ASC
LIMIT 5) AS page ON true ORDER BY page.created_at ASC, page.id ASC

-- 8
SELECT ticket.entitlement_quantity, ticket.credited_at, ticket.entitlement_id, ticket.contract_id, ticket.id AS parent_key
FROM ticket
WHERE ticket.id = ANY ($1::UUID[]) AND ticket.entitlement_id IS NOT NULL

-- 9
SELECT entitlement.unit, entitlement.id AS parent_key
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE entitlement.id = ANY ($1::UUID[])

-- 10
SELECT support_contract.access_id, support_contract.plan_name, support_contract.id AS parent_key
FROM support_contract
WHERE support_contract.id = ANY ($1::UUID[])
