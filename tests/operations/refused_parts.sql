-- 1
SELECT tenant.name, NULL AS secured_tenant_id, tenant.id, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY ($1::UUID[])

-- 2
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND true
WHERE service_subscription.tenant_id = parent.key) AS counted ON true

-- 3
SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = ANY ($1::UUID[])
