-- 1
SELECT ticket.id, ticket.number, ticket.summary, ticket.status, ticket.updated_at, ticket.last_public_activity_at, ticket.requester_user_id, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') AS viewer_copied, ticket.tenant_id, ticket.service_id, ticket.created_at
FROM ticket
WHERE (false AND ticket.visibility = $2 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.tenant_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = $3::UUID AND ticket.requester_user_id = $1::UUID ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 4

-- 2
SELECT service.name, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[])

-- 3
SELECT count(*) AS count
FROM ticket
WHERE (false AND ticket.visibility = $1 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.tenant_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = $3::UUID AND (EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC'))
