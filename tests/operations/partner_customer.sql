-- 1
SELECT management_relationship.id, management_relationship.organization_name, customer_profile.notes, management_relationship.version, customer_profile.billing_reports_enabled, customer_profile.billing_recipients, customer_profile.service_reports_enabled, customer_profile.service_recipients, management_relationship.customer_tenant_id AS policies_tenant_id, management_relationship.status AS relationship_status, management_relationship.mode AS management_mode, management_relationship.customer_tenant_id, CASE WHEN (management_relationship.status = $1 AND management_relationship.mode = $2) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.id AS parent_key
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID AND management_relationship.id = ANY ($4::UUID[])

-- 2
SELECT anon_1.option AS option, coalesce(anon_1.option = any(tenant.hidden_options), $1::BOOLEAN) AS hidden, CASE WHEN (provider_option_policy_1.id IS NOT NULL AND (management_relationship.status = $2 AND management_relationship.mode = $3 OR anon_1.option = $4::VARCHAR)) THEN $5::VARCHAR WHEN (provider_option_policy_2.id IS NOT NULL AND management_relationship.status = $6 AND management_relationship.mode = $7) THEN $8::VARCHAR ELSE $9::VARCHAR END AS source, management_relationship.customer_tenant_id AS parent_key
FROM management_relationship JOIN unnest($10::TEXT[]) AS anon_1(option) ON $11::BOOLEAN LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id LEFT OUTER JOIN provider_option_policy AS provider_option_policy_1 ON provider_option_policy_1.tenant_id = management_relationship.tenant_id AND provider_option_policy_1.option = anon_1.option AND provider_option_policy_1.customer_tenant_id = management_relationship.customer_tenant_id LEFT OUTER JOIN provider_option_policy AS provider_option_policy_2 ON provider_option_policy_2.tenant_id = management_relationship.tenant_id AND provider_option_policy_2.option = anon_1.option AND provider_option_policy_2.customer_tenant_id IS NULL
WHERE management_relationship.tenant_id = $12::UUID AND management_relationship.customer_tenant_id = ANY ($13::UUID[]) ORDER BY anon_1.option

-- 3
SELECT tenant.id, tenant.environment, CASE WHEN (tenant.id = $1::UUID) THEN tenant.id END AS secured_tenant_id, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $1::UUID OR tenant.managing_partner_id = $1::UUID) AND tenant.id = ANY ($2::UUID[])

-- 4
SELECT user_account.first_name, user_account.last_name, user_account.email, membership_1.tenant_id AS parent_key
FROM user_account JOIN membership AS membership_1 ON membership_1.user_id = user_account.id AND membership_1.role = $1
WHERE (user_account.id = $2::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $2::UUID OR membership.tenant_id = $3::UUID OR membership.managing_partner_id = $3::UUID)))) AND membership_1.tenant_id = ANY ($4::UUID[]) AND (membership_1.user_id = $2::UUID OR membership_1.tenant_id = $3::UUID OR membership_1.managing_partner_id = $3::UUID)

-- 5
SELECT parent.key AS parent_key, page.kind, page.status, page.seats, page.valid_until, page.service_id, page.id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT service_subscription.kind AS kind, CASE WHEN (service_subscription.status = $2) THEN service_subscription.status WHEN (service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (service_subscription.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $5 ELSE service_subscription.status END AS status, service_subscription.seats AS seats, service_subscription.valid_until AS valid_until, service_subscription.service_id AS service_id, service_subscription.id AS id, service_subscription.valid_from AS valid_from
FROM service_subscription
WHERE (service_subscription.tenant_id = $6::UUID OR service_subscription.managing_partner_id = $6::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key ORDER BY service_subscription.valid_from ASC, service_subscription.id ASC
LIMIT 3) AS page ON true ORDER BY page.valid_from ASC, page.id ASC

-- 6
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription
WHERE (service_subscription.tenant_id = $2::UUID OR service_subscription.managing_partner_id = $2::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key) AS counted ON true

-- 7
SELECT service.name, service.channel_id, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[])

-- 8
SELECT support_channel.name, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY ($1::UUID[])

-- 9
SELECT service_setup.status, service_setup.started_at, service_setup.subscription_id AS parent_key
FROM service_setup
WHERE (service_setup.tenant_id = $1::UUID OR service_setup.managing_partner_id = $1::UUID) AND service_setup.subscription_id = ANY ($2::UUID[])

-- 10
SELECT parent.key AS parent_key, page.unit, page.available, page.total, page.contract_id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement.unit AS unit, entitlement.available AS available, entitlement.total AS total, entitlement.contract_id AS contract_id, entitlement.id AS id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE (entitlement.tenant_id = $2::UUID OR entitlement.contract_id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $2::UUID AND support_contract_link_1.revoked_at IS NULL)))) AND entitlement.tenant_id = parent.key AND CASE WHEN (support_contract.status = $3) THEN $4 WHEN (support_contract.valid_until <= $5::TIMESTAMP WITH TIME ZONE) THEN $6 WHEN (support_contract.status = $7) THEN $8 WHEN (support_contract.valid_from > $5::TIMESTAMP WITH TIME ZONE) THEN $9 WHEN (entitlement.available <= $10::INTEGER) THEN $11 ELSE $12 END = $13 ORDER BY entitlement.id ASC
LIMIT 2) AS page ON true ORDER BY page.id ASC

-- 11
SELECT support_contract.access_id, support_contract.plan_name, support_contract.program, CASE WHEN (support_contract.status = $1) THEN $2 WHEN (support_contract.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (support_contract.status = $5) THEN $6 WHEN (support_contract.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $7 WHEN (NOT (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.available > $8::INTEGER))) THEN $9 ELSE $10 END AS status, support_contract.id AS parent_key
FROM support_contract
WHERE (support_contract.tenant_id = $11::UUID OR support_contract.id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $11::UUID AND support_contract_link_1.revoked_at IS NULL)))) AND support_contract.id = ANY ($12::UUID[])

-- 12
SELECT parent.key AS parent_key, page.number, page.status, page.requester_user_id, page.viewer_copied, page.tenant_id, page.requester_name, page.requester_side, page.id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.status AS status, ticket.requester_user_id AS requester_user_id, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC') AS viewer_copied, ticket.tenant_id AS tenant_id, ticket.requester_name AS requester_name, ticket.requester_side AS requester_side, ticket.id AS id, ticket.created_at AS created_at
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $4 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 2) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 13
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key) AS counted ON true

-- 14
SELECT user_account.id, user_account.id AS parent_key
FROM user_account
WHERE (user_account.id = $1::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $1::UUID OR membership.tenant_id = $2::UUID OR membership.managing_partner_id = $2::UUID)))) AND user_account.id = ANY ($3::UUID[])

-- 15
SELECT parent.key AS parent_key, page.author_name, page.author_side, page.body, page.id
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_message.author_name AS author_name, ticket_message.author_side AS author_side, ticket_message.body AS body, ticket_message.id AS id, ticket_message.created_at AS created_at
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id AND ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END))) AND ticket_message.visibility = $5 AND ticket_message.ticket_id = parent.key ORDER BY ticket_message.created_at DESC, ticket_message.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC

-- 16
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id AND ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END))) AND ticket_message.visibility = $5 AND ticket_message.ticket_id = parent.key) AS counted ON true

-- 17
SELECT attachment.file_name, attachment.message_id AS parent_key
FROM attachment
WHERE (attachment.tenant_id = $1::UUID AND attachment.uploader_user_id = $2::UUID OR (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = attachment.ticket_id AND ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC') ELSE false END)))) AND attachment.message_id = ANY ($4::UUID[]) ORDER BY attachment.created_at, attachment.id
