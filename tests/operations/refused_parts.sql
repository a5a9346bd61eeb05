-- 1
WITH part0 (c0, c1, c2, c3) AS MATERIALIZED (SELECT tenant.name, CAST(NULL AS UUID) AS secured_tenant_id, tenant.id, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY ($1::UUID[]))
SELECT 0, c0::TEXT, c1::UUID, c2::UUID, c3::UUID, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, c0::UUID, NULL::UUID, NULL::UUID, c1::INTEGER FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c2 FROM part0 WHERE c2 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND true
WHERE service_subscription.tenant_id = parent.key) AS counted ON true) AS part1 (c0, c1)

-- 2
SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY ($1::UUID[])
