-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8) AS MATERIALIZED (SELECT service.key, service.name, service.family, service.startable, service.premium, service.batch_editable, service.asks_audience, service.addon_of, service.channel_id
FROM service
WHERE true ORDER BY service.name ASC, service.id ASC
LIMIT 20)
SELECT 0, c0::TEXT, c1::TEXT, c2::TEXT, c3::BOOLEAN, c4::BOOLEAN, c5::BOOLEAN, c6::BOOLEAN, c7::TEXT[], c8::UUID, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::UUID, c0::INTEGER FROM (SELECT count(*) AS count
FROM service
WHERE true) AS part1 (c0)
UNION ALL
SELECT 2, c0::TEXT, c1::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], c2::UUID, NULL::INTEGER FROM (SELECT support_channel.name, support_channel.sign_in_kind, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY (ARRAY(SELECT DISTINCT c8 FROM part0 WHERE c8 IS NOT NULL)::UUID[])) AS part2 (c0, c1, c2)
