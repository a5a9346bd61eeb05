-- 1
WITH part0 (c0, c1) AS MATERIALIZED (SELECT management_relationship.organization_name, CASE WHEN (management_relationship.status = $1 AND management_relationship.mode = $2) THEN management_relationship.customer_tenant_id END AS managed_tenant_id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) OR management_relationship.customer_tenant_id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) AND (management_relationship.customer_tenant_id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND membership_customer_group.excluded)) ORDER BY management_relationship.search_name DESC, management_relationship.id DESC
LIMIT 2)
SELECT 0, c0::TEXT, c1::UUID, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::UUID, c0::INTEGER FROM (SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) OR management_relationship.customer_tenant_id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) AND (management_relationship.customer_tenant_id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND membership_customer_group.excluded))) AS part1 (c0)
UNION ALL
SELECT 2, c1::TEXT, c0::UUID, NULL::INTEGER FROM (SELECT parent.key AS parent_key, page.number
FROM unnest(ARRAY(SELECT DISTINCT c1 FROM part0 WHERE c1 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) OR ticket.tenant_id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND NOT membership_customer_group.excluded)) AND (ticket.tenant_id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $4::UUID AND membership_customer_group.excluded))) AND ticket.visibility = $5 OR ticket.requester_user_id = $6::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $6::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC) AS part2 (c0, c1)

-- 2
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9) AS MATERIALIZED (SELECT ticket.number, ticket.severity, ticket.tenant_id, ticket.managing_partner_id, ticket.requester_user_id, ticket.assignee_id, ticket.status, ticket.resolved_at, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT') AND ticket_participant.can_reply) AS viewer_replies, ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) OR ticket.tenant_id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) AND (ticket.tenant_id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND membership_customer_group.excluded)) AS viewer_in_charge
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) OR ticket.tenant_id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) AND (ticket.tenant_id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND membership_customer_group.excluded))) AND ticket.visibility = $4 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.desk_id = $2::UUID AND ticket.status IN ($5, $6) AND ticket.severity IN ($7::BIGINT, $8::BIGINT) ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 3)
SELECT 0, c0::TEXT, c6::TEXT, c1::BIGINT, c2::UUID, c3::UUID, c4::UUID, c5::UUID, c7::TIMESTAMP WITH TIME ZONE, c8::BOOLEAN, c9::BOOLEAN FROM part0
UNION ALL
SELECT 1, c0::TEXT, NULL::TEXT, NULL::BIGINT, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $2::UUID OR tenant.managing_partner_id = $2::UUID AND (NOT (EXISTS (SELECT *
FROM membership_customer_group
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) OR tenant.id IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND NOT membership_customer_group.excluded)) AND (tenant.id NOT IN (SELECT customer_group_member.customer_tenant_id
FROM customer_group_member JOIN membership_customer_group ON membership_customer_group.group_id = customer_group_member.group_id
WHERE membership_customer_group.membership_id = $3::UUID AND membership_customer_group.excluded))) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[])) AS part1 (c0, c1)
