-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10) AS MATERIALIZED (SELECT ticket.id, ticket.number, ticket.summary, ticket.status, ticket.updated_at, ticket.last_public_activity_at, ticket.requester_user_id, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') AS viewer_copied, ticket.tenant_id, ticket.service_id, ticket.created_at
FROM ticket
WHERE (false AND ticket.visibility = $2 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.tenant_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.tenant_id = $3::UUID AND ticket.requester_user_id = $1::UUID ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 4)
SELECT 0, c0::UUID, c6::UUID, c8::UUID, c9::UUID, c1::TEXT, c2::TEXT, c3::TEXT, c4::TIMESTAMP WITH TIME ZONE, c5::TIMESTAMP WITH TIME ZONE, c10::TIMESTAMP WITH TIME ZONE, c7::BOOLEAN FROM part0
UNION ALL
SELECT 1, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN FROM (SELECT service.name, service.id AS parent_key
FROM service
WHERE service.id = ANY (ARRAY(SELECT DISTINCT c9 FROM part0 WHERE c9 IS NOT NULL)::UUID[])) AS part1 (c0, c1)

-- 2
SELECT count(*) AS count
FROM ticket
WHERE (false AND ticket.visibility = $1 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.tenant_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.tenant_id = $3::UUID AND (EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC'))
