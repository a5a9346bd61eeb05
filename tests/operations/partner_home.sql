-- 1
SELECT tenant.id, tenant.name, tenant.kind, tenant.partner_type, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY ($2::UUID[])

-- 2
SELECT membership.role, tenant.id AS tenant_id, tenant.name AS tenant_name, tenant.kind AS tenant_kind, tenant.environment AS tenant_environment, membership.user_id AS parent_key
FROM membership JOIN tenant ON tenant.id = membership.tenant_id
WHERE (membership.user_id = $1::UUID OR membership.tenant_id = $2::UUID OR membership.managing_partner_id = $2::UUID) AND membership.user_id = ANY ($3::UUID[]) AND membership.user_id = $1::UUID AND membership.status = $4 AND tenant.status = $5 ORDER BY tenant.name ASC, tenant.id ASC

-- 3
SELECT parent.key AS parent_key, page.id, page.organization_name, page.display_name, page.status, page.managed_tenant_id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT management_relationship.id AS id, management_relationship.organization_name AS organization_name, customer_profile.display_name AS display_name, CASE WHEN (management_relationship.status = $2) THEN $3::VARCHAR WHEN (management_relationship.mode = $4) THEN $5::VARCHAR WHEN (tenant.status = $6) THEN $7::VARCHAR ELSE $8::VARCHAR END AS status, CASE WHEN (management_relationship.status = $9 AND management_relationship.mode = $10) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, customer_pin.pinned_at AS pinned_at
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id JOIN customer_pin ON customer_pin.relationship_id = management_relationship.id AND customer_pin.tenant_id = $11::UUID AND customer_pin.user_id = $12::UUID
WHERE management_relationship.tenant_id = $11::UUID AND customer_pin.user_id = parent.key ORDER BY customer_pin.pinned_at DESC, management_relationship.id DESC
LIMIT 5) AS page ON true ORDER BY page.pinned_at DESC, page.id DESC

-- 4
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id JOIN customer_pin ON customer_pin.relationship_id = management_relationship.id AND customer_pin.tenant_id = $2::UUID AND customer_pin.user_id = $3::UUID
WHERE management_relationship.tenant_id = $2::UUID AND customer_pin.user_id = parent.key) AS counted ON true

-- 5
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS counted ON true

-- 6
WITH part0 (c0, c1, c2, c3, c4, c5) AS MATERIALIZED (SELECT ticket.number, ticket.summary, ticket.severity, ticket.status, ticket.tenant_id, ticket.id
FROM ticket
WHERE ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $2 OR ticket.requester_user_id = $3::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $3::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.desk_id = $1::UUID AND ticket.status IN ('OPEN', 'AWAITING_REPLY') ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 3)
SELECT 0, c0::TEXT, c1::TEXT, c3::TEXT, c2::BIGINT, c4::UUID, c5::UUID, NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::UUID, NULL::UUID, c0::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $4 OR ticket.requester_user_id = $3::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $3::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.desk_id = $1::UUID AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS part1 (c0)
UNION ALL
SELECT 2, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, c1::UUID, NULL::UUID, NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c4 FROM part0 WHERE c4 IS NOT NULL)::UUID[])) AS part2 (c0, c1)
UNION ALL
SELECT 3, c2::TEXT, c5::TEXT, NULL::TEXT, c1::BIGINT, c7::UUID, NULL::UUID, NULL::INTEGER, c0::TIMESTAMP WITH TIME ZONE, c3::TIMESTAMP WITH TIME ZONE, c4::TIMESTAMP WITH TIME ZONE, c6::TIMESTAMP WITH TIME ZONE FROM (WITH region_calendar AS MATERIALIZED
(SELECT support_region.id AS region_id, CAST(jsonb_build_object($5::VARCHAR, support_region.timezone, $6::VARCHAR, (SELECT jsonb_agg(jsonb_build_array(calendar_interval.weekday, calendar_interval.start_minute, calendar_interval.end_minute) ORDER BY calendar_interval.weekday, calendar_interval.start_minute) AS jsonb_agg_1
FROM calendar_interval
WHERE calendar_interval.region_id = support_region.id), $7::VARCHAR, (SELECT jsonb_object_agg(calendar_exception.on_date, calendar_exception.intervals) AS jsonb_object_agg_1
FROM calendar_exception
WHERE NOT calendar_exception.removed AND calendar_exception.region_id = support_region.id)) AS TEXT) AS calendar
FROM support_region)
SELECT ticket.response_due_at AS due_at, ticket.response_minutes AS minutes, ticket.response_clock AS clock, coalesce(ticket.first_responded_at, CASE WHEN (ticket.status IN ($8, $9)) THEN coalesce(ticket.resolved_at, ticket.closed_at) END) AS met_at, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS paused_at, region_calendar.calendar, $10::TIMESTAMP WITH TIME ZONE AS now, ticket.id AS parent_key
FROM ticket JOIN region_calendar ON region_calendar.region_id = ticket.region_id
WHERE ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $11 OR ticket.requester_user_id = $3::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $3::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.id = ANY (ARRAY(SELECT DISTINCT c5 FROM part0 WHERE c5 IS NOT NULL)::UUID[]) AND ticket.response_due_at IS NOT NULL) AS part3 (c0, c1, c2, c3, c4, c5, c6, c7)
