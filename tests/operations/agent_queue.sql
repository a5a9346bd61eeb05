-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10) AS MATERIALIZED (SELECT ticket.number, ticket.severity, ticket.tenant_id, ticket.service_id, ticket.assignee_id, ticket.assignee_name, ticket.requester_name, ticket.requester_side, ticket.requester_user_id, ticket.id, ticket.first_responded_at
FROM ticket
WHERE (ticket.assignee_id = $1::UUID OR ticket.assignee_id IS NULL) AND ticket.severity IN ($2::BIGINT) AND ticket.status IN ('OPEN', 'AWAITING_REPLY') ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 4),
part3 (c0, c1, c2) AS MATERIALIZED (SELECT service.name, service.channel_id, service.id AS parent_key
FROM service
WHERE service.id = ANY (ARRAY(SELECT DISTINCT c3 FROM part0 WHERE c3 IS NOT NULL)::UUID[]))
SELECT 0, c0::TEXT, c5::TEXT, c6::TEXT, c7::TEXT, c1::BIGINT, c2::UUID, c3::UUID, c4::UUID, c8::UUID, c9::UUID, c10::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, c0::INTEGER FROM (SELECT count(*) AS count
FROM ticket
WHERE (ticket.assignee_id = $1::UUID OR ticket.assignee_id IS NULL) AND ticket.severity IN ($3::BIGINT) AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS part1 (c0)
UNION ALL
SELECT 2, c0::TEXT, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM (SELECT tenant.name, tenant.environment, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[])) AS part2 (c0, c1, c2)
UNION ALL
SELECT 3, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, c1::UUID, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM part3
UNION ALL
SELECT 4, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM (SELECT support_channel.key, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY (ARRAY(SELECT DISTINCT c1 FROM part3 WHERE c1 IS NOT NULL)::UUID[])) AS part4 (c0, c1)
UNION ALL
SELECT 5, c1::TEXT, c5::TEXT, NULL::TEXT, NULL::TEXT, c0::BIGINT, c7::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c2::TIMESTAMP WITH TIME ZONE, c3::TIMESTAMP WITH TIME ZONE, c4::TIMESTAMP WITH TIME ZONE, c6::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM (WITH region_calendar AS MATERIALIZED
(SELECT support_region.id AS region_id, CAST(jsonb_build_object($4::VARCHAR, support_region.timezone, $5::VARCHAR, (SELECT jsonb_agg(jsonb_build_array(calendar_interval.weekday, calendar_interval.start_minute, calendar_interval.end_minute) ORDER BY calendar_interval.weekday, calendar_interval.start_minute) AS jsonb_agg_1
FROM calendar_interval
WHERE calendar_interval.region_id = support_region.id), $6::VARCHAR, (SELECT jsonb_object_agg(calendar_exception.on_date, calendar_exception.intervals) AS jsonb_object_agg_1
FROM calendar_exception
WHERE NOT calendar_exception.removed AND calendar_exception.region_id = support_region.id)) AS TEXT) AS calendar
FROM support_region)
SELECT ticket.response_minutes AS minutes, ticket.response_clock AS clock, ticket.response_due_at AS due_at, coalesce(ticket.first_responded_at, CASE WHEN (ticket.status IN ($7, $8)) THEN coalesce(ticket.resolved_at, ticket.closed_at) END) AS met_at, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS paused_at, region_calendar.calendar, $9::TIMESTAMP WITH TIME ZONE AS now, ticket.id AS parent_key
FROM ticket JOIN region_calendar ON region_calendar.region_id = ticket.region_id
WHERE (ticket.assignee_id = $1::UUID OR ticket.assignee_id IS NULL) AND ticket.id = ANY (ARRAY(SELECT DISTINCT c9 FROM part0 WHERE c9 IS NOT NULL)::UUID[]) AND ticket.response_due_at IS NOT NULL) AS part5 (c0, c1, c2, c3, c4, c5, c6, c7)
UNION ALL
SELECT 6, c1::TEXT, c5::TEXT, NULL::TEXT, NULL::TEXT, c0::BIGINT, c7::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c2::TIMESTAMP WITH TIME ZONE, c3::TIMESTAMP WITH TIME ZONE, c4::TIMESTAMP WITH TIME ZONE, c6::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM (WITH region_calendar AS MATERIALIZED
(SELECT support_region.id AS region_id, CAST(jsonb_build_object($10::VARCHAR, support_region.timezone, $11::VARCHAR, (SELECT jsonb_agg(jsonb_build_array(calendar_interval.weekday, calendar_interval.start_minute, calendar_interval.end_minute) ORDER BY calendar_interval.weekday, calendar_interval.start_minute) AS jsonb_agg_1
FROM calendar_interval
WHERE calendar_interval.region_id = support_region.id), $12::VARCHAR, (SELECT jsonb_object_agg(calendar_exception.on_date, calendar_exception.intervals) AS jsonb_object_agg_1
FROM calendar_exception
WHERE NOT calendar_exception.removed AND calendar_exception.region_id = support_region.id)) AS TEXT) AS calendar
FROM support_region)
SELECT ticket.resolution_minutes AS minutes, coalesce(ticket.resolution_clock, ticket.response_clock) AS clock, ticket.resolution_due_at AS due_at, CASE WHEN (ticket.status IN ($13, $14)) THEN ticket.resolution_stopped_at END AS met_at, CASE WHEN ((ticket.status NOT IN ($15, $16))) THEN ticket.resolution_stopped_at END AS paused_at, region_calendar.calendar, $9::TIMESTAMP WITH TIME ZONE AS now, ticket.id AS parent_key
FROM ticket JOIN region_calendar ON region_calendar.region_id = ticket.region_id
WHERE (ticket.assignee_id = $1::UUID OR ticket.assignee_id IS NULL) AND ticket.id = ANY (ARRAY(SELECT DISTINCT c9 FROM part0 WHERE c9 IS NOT NULL)::UUID[]) AND ticket.resolution_due_at IS NOT NULL) AS part6 (c0, c1, c2, c3, c4, c5, c6, c7)

-- 2
SELECT user_account.email, user_account.id AS parent_key
FROM user_account
WHERE (user_account.id = $1::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND true))) AND user_account.id = ANY ($2::UUID[])
