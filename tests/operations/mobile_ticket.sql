-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15) AS MATERIALIZED (SELECT ticket.id, ticket.number, ticket.summary, ticket.details, ticket.contact_name, ticket.contact_email, ticket.contact_phone, ticket.tenant_id, ticket.managing_partner_id, ticket.requester_user_id, ticket.assignee_id, ticket.status, ticket.resolved_at, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT') AND ticket_participant.can_reply) AS viewer_replies, true AS viewer_in_charge, ticket.id AS parent_key
FROM ticket
WHERE (ticket.tenant_id = $2::UUID AND ticket.visibility = $3 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.id = ANY ($4::UUID[])),
part4 (c0, c1, c2, c3, c4) AS MATERIALIZED (SELECT parent.key AS parent_key, page.id, page.body, page.author_name, page.created_at
FROM unnest(ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_message.id AS id, ticket_message.body AS body, ticket_message.author_name AS author_name, ticket_message.created_at AS created_at
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $12 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND ticket_message.visibility = $13 AND ticket_message.ticket_id = parent.key ORDER BY ticket_message.created_at ASC, ticket_message.id ASC
LIMIT 3) AS page ON true ORDER BY page.created_at ASC, page.id ASC)
SELECT 0, c0::UUID, c7::UUID, c8::UUID, c9::UUID, c10::UUID, c15::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c3::TEXT, c4::TEXT, c5::TEXT, c6::TEXT, c11::TEXT, c12::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, c13::BOOLEAN, c14::BOOLEAN, NULL::BIGINT, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c4::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, c3::BIGINT, NULL::INTEGER FROM (SELECT parent.key AS parent_key, page.file_name, page.media_type, page.size, page.state
FROM unnest(ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT attachment.file_name AS file_name, attachment.media_type AS media_type, attachment.size AS size, attachment.state AS state, attachment.created_at AS created_at, attachment.id AS id
FROM attachment
WHERE (attachment.ticket_id IS NULL AND attachment.tenant_id = $2::UUID AND attachment.uploader_user_id = $1::UUID OR (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = attachment.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $5 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND NOT (EXISTS (SELECT *
FROM ticket_message
WHERE ticket_message.id = attachment.message_id AND ticket_message.visibility = $6))) AND attachment.ticket_id = parent.key ORDER BY attachment.created_at ASC, attachment.id ASC
LIMIT 5) AS page ON true ORDER BY page.created_at ASC, page.id ASC) AS part1 (c0, c1, c2, c3, c4)
UNION ALL
SELECT 2, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BIGINT, c1::INTEGER FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket_participant
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_participant.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $7 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND ticket_participant.ticket_id = parent.key) AS counted ON true) AS part2 (c0, c1)
UNION ALL
SELECT 3, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c3::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, c4::BOOLEAN, NULL::BOOLEAN, NULL::BIGINT, NULL::INTEGER FROM (SELECT parent.key AS parent_key, page.kind, page.name, page.email, page.has_account
FROM unnest(ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_participant.kind AS kind, ticket_participant.name AS name, ticket_participant.email AS email, ticket_participant.kind = $8 AND ticket_participant.user_id IS NOT NULL OR coalesce(ticket_participant.user_id = $1::UUID, $9::BOOLEAN) OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = ticket_participant.user_id AND membership.status = $10 AND membership.tenant_id IN (ticket_participant.tenant_id, ticket_participant.managing_partner_id))) AS has_account, ticket_participant.added_at AS added_at, ticket_participant.id AS id
FROM ticket_participant
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_participant.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $11 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND ticket_participant.ticket_id = parent.key ORDER BY ticket_participant.added_at ASC, ticket_participant.id ASC
LIMIT 5) AS page ON true ORDER BY page.added_at ASC, page.id ASC) AS part3 (c0, c1, c2, c3, c4)
UNION ALL
SELECT 4, c0::UUID, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c2::TEXT, c3::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, c4::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BIGINT, NULL::INTEGER FROM part4
UNION ALL
SELECT 5, c0::UUID, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BIGINT, NULL::INTEGER FROM (SELECT attachment.id, attachment.file_name, attachment.message_id AS parent_key
FROM attachment
WHERE (attachment.ticket_id IS NULL AND attachment.tenant_id = $2::UUID AND attachment.uploader_user_id = $1::UUID OR (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = attachment.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $14 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND NOT (EXISTS (SELECT *
FROM ticket_message
WHERE ticket_message.id = attachment.message_id AND ticket_message.visibility = $15))) AND attachment.message_id = ANY (ARRAY(SELECT DISTINCT c1 FROM part4 WHERE c1 IS NOT NULL)::UUID[]) ORDER BY attachment.created_at, attachment.id) AS part5 (c0, c1, c2)
UNION ALL
SELECT 6, c0::UUID, c1::UUID, c6::UUID, c8::UUID, c9::UUID, c10::UUID, c14::UUID, c2::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, c3::TIMESTAMP WITH TIME ZONE, c4::TIMESTAMP WITH TIME ZONE, c5::TIMESTAMP WITH TIME ZONE, c7::TIMESTAMP WITH TIME ZONE, c11::TIMESTAMP WITH TIME ZONE, c12::TIMESTAMP WITH TIME ZONE, c13::TIMESTAMP WITH TIME ZONE, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BIGINT, NULL::INTEGER FROM (SELECT DISTINCT ON (temporary_support_account.ticket_id) temporary_support_account.ticket_id, temporary_support_account.service_id, temporary_support_account.status, temporary_support_account.granted_at, temporary_support_account.expires_at, temporary_support_account.revoked_at, temporary_support_account.revoked_by, temporary_support_account.deleted_at, temporary_support_account.id, temporary_support_account.managing_partner_id, temporary_support_account.tenant_id, temporary_support_account.created_at, temporary_support_account.updated_at, $16::TIMESTAMP WITH TIME ZONE AS now, temporary_support_account.ticket_id AS parent_key
FROM temporary_support_account
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = temporary_support_account.ticket_id AND (ticket.tenant_id = $2::UUID AND ticket.visibility = $17 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END))) AND temporary_support_account.tenant_id = $2::UUID AND temporary_support_account.ticket_id = ANY (ARRAY(SELECT DISTINCT c0 FROM part0 WHERE c0 IS NOT NULL)::UUID[]) ORDER BY temporary_support_account.ticket_id, temporary_support_account.granted_at DESC) AS part6 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14)
