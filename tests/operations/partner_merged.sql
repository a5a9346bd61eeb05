-- 1
WITH part0 (c0, c1, c2, c3, c4) AS MATERIALIZED (SELECT management_relationship.organization_name, CASE WHEN (management_relationship.status = $1 AND management_relationship.mode = $2) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.id, management_relationship.country, management_relationship.customer_tenant_id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 2)
SELECT 0, c0::TEXT, c3::TEXT, c1::UUID, c2::UUID, c4::UUID, NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::TEXT, c0::UUID, NULL::UUID, NULL::UUID, c1::INTEGER, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part0 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $4 OR ticket.requester_user_id = $5::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $5::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key) AS counted ON true) AS part1 (c0, c1)
UNION ALL
SELECT 2, c1::TEXT, NULL::TEXT, c0::UUID, NULL::UUID, NULL::UUID, NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT parent.key AS parent_key, page.number
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part0 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $6 OR ticket.requester_user_id = $5::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $5::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC) AS part2 (c0, c1)
UNION ALL
SELECT 3, NULL::TEXT, NULL::TEXT, c0::UUID, NULL::UUID, NULL::UUID, NULL::INTEGER, c1::TIMESTAMP WITH TIME ZONE FROM (SELECT parent.key AS parent_key, page.created_at
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part0 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $7 OR ticket.requester_user_id = $5::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $5::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC) AS part3 (c0, c1)
UNION ALL
SELECT 4, c0::TEXT, NULL::TEXT, c1::UUID, NULL::UUID, NULL::UUID, NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $3::UUID OR tenant.managing_partner_id = $3::UUID) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c4 FROM part0 WHERE c4 IS NOT NULL)::UUID[])) AS part4 (c0, c1)

-- 2
WITH part0 (c0, c1, c2) AS MATERIALIZED (SELECT management_relationship.country, management_relationship.id, management_relationship.customer_tenant_id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 1)
SELECT 0, c0::TEXT, c1::UUID, c2::UUID FROM part0
UNION ALL
SELECT 1, c0::TEXT, c1::UUID, NULL::UUID FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[])) AS part1 (c0, c1)
