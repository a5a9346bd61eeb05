-- 1
WITH part0 (c0, c1, c2, c3) AS MATERIALIZED (SELECT management_relationship.organization_name, management_relationship.customer_tenant_id, management_relationship.search_name, management_relationship.id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID AND strpos(management_relationship.search_name, lower(unaccent($2::VARCHAR))) > $3::INTEGER ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 4)
SELECT 0, c0::TEXT, c2::TEXT, c1::UUID, c3::UUID, NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::TEXT, NULL::TEXT, NULL::UUID, NULL::UUID, c0::INTEGER FROM (SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID AND strpos(management_relationship.search_name, lower(unaccent($4::VARCHAR))) > $5::INTEGER) AS part1 (c0)
UNION ALL
SELECT 2, c0::TEXT, NULL::TEXT, c1::UUID, NULL::UUID, NULL::INTEGER FROM (SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c1 FROM part0 WHERE c1 IS NOT NULL)::UUID[])) AS part2 (c0, c1)
