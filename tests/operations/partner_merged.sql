-- 1
SELECT management_relationship.organization_name, CASE WHEN (management_relationship.status = $1 AND management_relationship.mode = $2) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.id, management_relationship.country, management_relationship.customer_tenant_id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 2

-- 2
SELECT parent.key AS parent_key, page.number
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 3
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key) AS counted ON true

-- 4
SELECT parent.key AS parent_key, page.created_at
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 5
SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY ($2::UUID[])

-- 6
SELECT management_relationship.country, management_relationship.id, management_relationship.customer_tenant_id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 1

-- 7
SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY ($2::UUID[])
