-- 1
WITH part0 (c0, c1, c2) AS MATERIALIZED (SELECT tenant.id, tenant.name, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = $1::UUID AND tenant.id = ANY ($2::UUID[]))
SELECT 0, c0::UUID, c2::UUID, c1::TEXT, NULL::TEXT FROM part0
UNION ALL
SELECT 1, c2::UUID, NULL::UUID, c0::TEXT, c1::TEXT FROM (SELECT user_account.first_name, user_account.last_name, membership_1.tenant_id AS parent_key
FROM user_account JOIN membership AS membership_1 ON membership_1.user_id = user_account.id AND membership_1.role = $3
WHERE (user_account.id = $4::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $4::UUID OR membership.tenant_id = $1::UUID AND membership.role = $5)))) AND membership_1.tenant_id = ANY (ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AND (membership_1.user_id = $4::UUID OR membership_1.tenant_id = $1::UUID AND membership_1.role = $6)) AS part1 (c0, c1, c2)

-- 2
SELECT ticket.id, ticket.number, ticket.id AS parent_key
FROM ticket
WHERE (false AND ticket.visibility = $1 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.tenant_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.id = ANY ($4::UUID[])

-- 3
WITH part0 (c0, c1, c2, c3) AS MATERIALIZED (SELECT service.id, service.name, service.channel_id, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[]))
SELECT 0, c0::UUID, c2::UUID, c3::UUID, c1::TEXT FROM part0
UNION ALL
SELECT 1, c1::UUID, NULL::UUID, NULL::UUID, c0::TEXT FROM (SELECT support_channel.name, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[])) AS part1 (c0, c1)
