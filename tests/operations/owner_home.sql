-- 1
SELECT user_account.first_name, user_account.last_name, user_account.id AS parent_key
FROM user_account
WHERE (user_account.id = $1::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $1::UUID OR membership.tenant_id = $2::UUID)))) AND user_account.id = ANY ($3::UUID[])

-- 2
SELECT tenant.name, tenant.country, tenant.id, CASE WHEN (tenant.id = $1::UUID) THEN tenant.id END AS secured_tenant_id, tenant.id AS parent_key
FROM tenant
WHERE tenant.id = $1::UUID AND tenant.id = ANY ($2::UUID[])

-- 3
SELECT management_relationship.mode, management_relationship.mode_changed_at, management_relationship.customer_tenant_id AS parent_key
FROM management_relationship
WHERE management_relationship.customer_tenant_id = $1::UUID AND management_relationship.customer_tenant_id = ANY ($2::UUID[])

-- 4
SELECT tenant_security_settings.temporary_support_accounts_allowed, tenant_security_settings.session_timeout_minutes, tenant_security_settings.trusted_ips, tenant_security_settings.version, tenant_security_settings.tenant_id AS parent_key
FROM tenant_security_settings
WHERE tenant_security_settings.tenant_id = $1::UUID AND tenant_security_settings.tenant_id = ANY ($2::UUID[]) AND tenant_security_settings.tenant_id = $1::UUID

-- 5
SELECT parent.key AS parent_key, page.id, page.service_id, page.status
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT service_subscription.id AS id, service_subscription.service_id AS service_id, CASE WHEN (service_subscription.status = $2) THEN service_subscription.status WHEN (service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (service_subscription.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $5 ELSE service_subscription.status END AS status, service_subscription.valid_from AS valid_from
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND service_setup.tenant_id = $6::UUID
WHERE service_subscription.tenant_id = $6::UUID AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key ORDER BY service_subscription.valid_from ASC, service_subscription.id ASC
LIMIT 10) AS page ON true ORDER BY page.valid_from ASC, page.id ASC

-- 6
SELECT service.name, service.family, service.startable, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[])

-- 7
SELECT service_subscription.seats, service_subscription.contract_ends_at, service_subscription.id AS parent_key
FROM service_subscription
WHERE service_subscription.tenant_id = $1::UUID AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $2::TIMESTAMP WITH TIME ZONE) AND service_subscription.id = ANY ($3::UUID[])

-- 8
SELECT parent.key AS parent_key, page.number, page.summary
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.summary AS summary, ticket.created_at AS created_at, ticket.id AS id
FROM ticket
WHERE (ticket.tenant_id = $2::UUID AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.tenant_id = parent.key AND ticket.status IN ('OPEN', 'AWAITING_REPLY') ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 2) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 9
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE (ticket.tenant_id = $2::UUID AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.tenant_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind IN ('CC', 'CONTACT')) ELSE false END) AND ticket.tenant_id = parent.key AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS counted ON true
