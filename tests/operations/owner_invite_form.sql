-- 1
SELECT tenant.id, tenant.environment, tenant.country, tenant.support_region_id, tenant.hidden_options, coalesce(tenant_security_settings.temporary_support_accounts_allowed, $1::BOOLEAN) AS accounts_allowed, management_relationship.mode, user_account.id AS owner_user_id, trim(user_account.first_name || $2::VARCHAR || user_account.last_name) AS owner_name, user_account.email AS owner_email
FROM tenant LEFT OUTER JOIN tenant_security_settings ON tenant_security_settings.tenant_id = tenant.id LEFT OUTER JOIN management_relationship ON management_relationship.customer_tenant_id = tenant.id AND management_relationship.customer_tenant_id = $3::UUID LEFT OUTER JOIN membership ON membership.tenant_id = tenant.id AND membership.role = $4 AND (membership.user_id = $5::UUID OR membership.tenant_id = $3::UUID) LEFT OUTER JOIN user_account ON user_account.id = membership.user_id
WHERE tenant.id = $3::UUID AND tenant.id = $6::UUID
LIMIT $7::INTEGER

-- 2
SELECT agreement.kind, agreement.version, agreement.url, agreement.published_at, agreement.id
FROM agreement
WHERE agreement.kind = $1 AND agreement.published_at <= $2::TIMESTAMP WITH TIME ZONE ORDER BY agreement.published_at DESC, agreement.version DESC
LIMIT $3::INTEGER

-- 3
SELECT DISTINCT service.key, service.name, service.family, service.startable, service.batch_editable, service.asks_audience, service.premium, service.channel_id, service.addon_of, service.id, service.created_at, service.updated_at, service_subscription.tenant_id AS parent_key
FROM service JOIN service_subscription ON service_subscription.service_id = service.id
WHERE service_subscription.tenant_id = ANY ($1::UUID[]) AND service_subscription.status != $2 AND service_subscription.tenant_id = $3::UUID AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $4::TIMESTAMP WITH TIME ZONE) ORDER BY service.name, service.id

-- 4
SELECT user_account.first_name, user_account.last_name, membership_1.tenant_id AS parent_key
FROM user_account JOIN membership AS membership_1 ON membership_1.user_id = user_account.id AND membership_1.role = $1
WHERE (user_account.id = $2::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $2::UUID OR membership.tenant_id = $3::UUID)))) AND membership_1.tenant_id = ANY ($4::UUID[]) AND (membership_1.user_id = $2::UUID OR membership_1.tenant_id = $3::UUID)
