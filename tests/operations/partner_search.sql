-- 1
SELECT management_relationship.organization_name, management_relationship.customer_tenant_id, management_relationship.search_name, management_relationship.id
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID AND strpos(management_relationship.search_name, lower(unaccent($2::VARCHAR))) > $3::INTEGER ORDER BY management_relationship.search_name ASC, management_relationship.id ASC
LIMIT 4

-- 2
SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID AND strpos(management_relationship.search_name, lower(unaccent($2::VARCHAR))) > $3::INTEGER

-- 3
SELECT tenant.name, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY ($2::UUID[])
