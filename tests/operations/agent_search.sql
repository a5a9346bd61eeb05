-- 1
WITH part0 (c0, c1, c2, c3, c4) AS MATERIALIZED (WITH said AS
(SELECT tickets_that_say(ARRAY[searchable($1::VARCHAR)]) AS ids)
SELECT found.number, found.severity, found.tenant_id, found.created_at, found.id
FROM ((SELECT ticket.number AS number, ticket.severity AS severity, ticket.tenant_id AS tenant_id, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE strpos(ticket.search_text, (SELECT searchable($2::VARCHAR) AS searchable_1)) > $3::INTEGER AND ticket.id = ANY (CAST((SELECT said.ids
FROM said) AS UUID[]))
LIMIT ALL OFFSET 0) UNION ALL (SELECT ticket.number AS number, ticket.severity AS severity, ticket.tenant_id AS tenant_id, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE strpos(ticket.search_text, (SELECT searchable($4::VARCHAR) AS searchable_1)) > $5::INTEGER AND (SELECT said.ids
FROM said) IS NULL ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 3)) AS found ORDER BY found.created_at DESC, found.id DESC
LIMIT 3)
SELECT 0, c0::TEXT, c1::BIGINT, c2::UUID, c4::UUID, c3::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::BIGINT, NULL::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, c0::INTEGER FROM (WITH said AS
(SELECT tickets_that_say(ARRAY[searchable($6::VARCHAR)]) AS ids)
SELECT count(*) AS count
FROM (SELECT true AS present
FROM ticket
WHERE strpos(ticket.search_text, (SELECT searchable($7::VARCHAR) AS searchable_1)) > $8::INTEGER AND ticket.id = ANY (CAST((SELECT said.ids
FROM said) AS UUID[])) UNION ALL SELECT true AS present
FROM ticket
WHERE strpos(ticket.search_text, (SELECT searchable($9::VARCHAR) AS searchable_1)) > $10::INTEGER AND (SELECT said.ids
FROM said) IS NULL) AS found) AS part1 (c0)
UNION ALL
SELECT 2, c0::TEXT, NULL::BIGINT, c1::UUID, NULL::UUID, NULL::TIMESTAMP WITH TIME ZONE, NULL::INTEGER FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY (ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[])) AS part2 (c0, c1)
