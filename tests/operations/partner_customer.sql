-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13) AS MATERIALIZED (SELECT management_relationship.id, management_relationship.organization_name, customer_profile.notes, management_relationship.version, customer_profile.billing_reports_enabled, customer_profile.billing_recipients, customer_profile.service_reports_enabled, customer_profile.service_recipients, management_relationship.customer_tenant_id AS policies_tenant_id, management_relationship.status AS relationship_status, management_relationship.mode AS management_mode, management_relationship.customer_tenant_id, CASE WHEN (management_relationship.status = $1 AND management_relationship.mode = $2) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.id AS parent_key
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $3::UUID AND management_relationship.id = ANY ($4::UUID[])),
part2 (c0, c1, c2, c3) AS MATERIALIZED (SELECT tenant.id, tenant.environment, CASE WHEN (tenant.id = $3::UUID) THEN tenant.id END AS secured_tenant_id, tenant.id AS parent_key
FROM tenant
WHERE (tenant.id = $3::UUID OR tenant.managing_partner_id = $3::UUID) AND tenant.id = ANY (ARRAY(SELECT DISTINCT c11 FROM part0 WHERE c11 IS NOT NULL)::UUID[])),
part6 (c0, c1, c2, c3, c4, c5, c6) AS MATERIALIZED (SELECT parent.key AS parent_key, page.kind, page.status, page.seats, page.valid_until, page.service_id, page.id
FROM unnest(ARRAY(SELECT DISTINCT c11 FROM part0 WHERE c11 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT service_subscription.kind AS kind, CASE WHEN (service_subscription.status = $19) THEN service_subscription.status WHEN (service_subscription.valid_until <= $18::TIMESTAMP WITH TIME ZONE) THEN $20 WHEN (service_subscription.valid_from > $18::TIMESTAMP WITH TIME ZONE) THEN $21 ELSE service_subscription.status END AS status, service_subscription.seats AS seats, service_subscription.valid_until AS valid_until, service_subscription.service_id AS service_id, service_subscription.id AS id, service_subscription.valid_from AS valid_from
FROM service_subscription
WHERE (service_subscription.tenant_id = $3::UUID OR service_subscription.managing_partner_id = $3::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $18::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key ORDER BY service_subscription.valid_from ASC, service_subscription.id ASC
LIMIT 3) AS page ON true ORDER BY page.valid_from ASC, page.id ASC),
part7 (c0, c1, c2) AS MATERIALIZED (SELECT service.name, service.channel_id, service.id AS parent_key
FROM service
WHERE service.id = ANY (ARRAY(SELECT DISTINCT c5 FROM part6 WHERE c5 IS NOT NULL)::UUID[])),
part10 (c0, c1, c2, c3, c4) AS MATERIALIZED (SELECT parent.key AS parent_key, page.unit, page.available, page.total, page.contract_id
FROM unnest(ARRAY(SELECT DISTINCT c11 FROM part0 WHERE c11 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT entitlement.unit AS unit, entitlement.available AS available, entitlement.total AS total, entitlement.contract_id AS contract_id, entitlement.id AS id
FROM entitlement LEFT OUTER JOIN support_contract ON support_contract.id = entitlement.contract_id
WHERE (entitlement.tenant_id = $3::UUID OR entitlement.contract_id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $3::UUID AND support_contract_link_1.revoked_at IS NULL)))) AND entitlement.tenant_id = parent.key AND CASE WHEN (support_contract.status = $22) THEN $23 WHEN (support_contract.valid_until <= $18::TIMESTAMP WITH TIME ZONE) THEN $24 WHEN (support_contract.status = $25) THEN $26 WHEN (support_contract.valid_from > $18::TIMESTAMP WITH TIME ZONE) THEN $27 WHEN (entitlement.available <= $28::INTEGER) THEN $29 ELSE $30 END = $31 ORDER BY entitlement.id ASC
LIMIT 2) AS page ON true ORDER BY page.id ASC),
part13 (c0, c1, c2, c3, c4, c5, c6, c7, c8) AS MATERIALIZED (SELECT parent.key AS parent_key, page.number, page.status, page.requester_user_id, page.viewer_copied, page.tenant_id, page.requester_name, page.requester_side, page.id
FROM unnest(ARRAY(SELECT DISTINCT c12 FROM part0 WHERE c12 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket.number AS number, ticket.status AS status, ticket.requester_user_id AS requester_user_id, EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $17::UUID AND ticket_participant.kind = 'CC') AS viewer_copied, ticket.tenant_id AS tenant_id, ticket.requester_name AS requester_name, ticket.requester_side AS requester_side, ticket.id AS id, ticket.created_at AS created_at
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $42 OR ticket.requester_user_id = $17::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $17::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key ORDER BY ticket.created_at DESC, ticket.id DESC
LIMIT 2) AS page ON true ORDER BY page.created_at DESC, page.id DESC)
SELECT 0, c0::UUID, c8::UUID, c11::UUID, c12::UUID, c13::UUID, c1::TEXT, c2::TEXT, c9::TEXT, c10::TEXT, c3::BIGINT, c4::BOOLEAN, c6::BOOLEAN, c5::TEXT[], c7::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM part0
UNION ALL
SELECT 1, c3::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, c2::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, c1::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT anon_1.option AS option, coalesce(anon_1.option = any(tenant.hidden_options), $5::BOOLEAN) AS hidden, CASE WHEN (provider_option_policy_1.id IS NOT NULL AND (management_relationship.status = $6 AND management_relationship.mode = $7 OR anon_1.option = $8::VARCHAR)) THEN $9::VARCHAR WHEN (provider_option_policy_2.id IS NOT NULL AND management_relationship.status = $10 AND management_relationship.mode = $11) THEN $12::VARCHAR ELSE $13::VARCHAR END AS source, management_relationship.customer_tenant_id AS parent_key
FROM management_relationship JOIN unnest($14::TEXT[]) AS anon_1(option) ON $15::BOOLEAN LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id LEFT OUTER JOIN provider_option_policy AS provider_option_policy_1 ON provider_option_policy_1.tenant_id = management_relationship.tenant_id AND provider_option_policy_1.option = anon_1.option AND provider_option_policy_1.customer_tenant_id = management_relationship.customer_tenant_id LEFT OUTER JOIN provider_option_policy AS provider_option_policy_2 ON provider_option_policy_2.tenant_id = management_relationship.tenant_id AND provider_option_policy_2.option = anon_1.option AND provider_option_policy_2.customer_tenant_id IS NULL
WHERE management_relationship.tenant_id = $3::UUID AND management_relationship.customer_tenant_id = ANY (ARRAY(SELECT DISTINCT c8 FROM part0 WHERE c8 IS NOT NULL)::UUID[]) ORDER BY anon_1.option) AS part1 (c0, c1, c2, c3)
UNION ALL
SELECT 2, c0::UUID, c2::UUID, c3::UUID, NULL::UUID, NULL::UUID, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM part2
UNION ALL
SELECT 3, c3::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, c1::TEXT, c2::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT user_account.first_name, user_account.last_name, user_account.email, membership_1.tenant_id AS parent_key
FROM user_account JOIN membership AS membership_1 ON membership_1.user_id = user_account.id AND membership_1.role = $16
WHERE (user_account.id = $17::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $17::UUID OR membership.tenant_id = $3::UUID OR membership.managing_partner_id = $3::UUID)))) AND membership_1.tenant_id = ANY (ARRAY(SELECT DISTINCT c0 FROM part2 WHERE c0 IS NOT NULL)::UUID[]) AND (membership_1.user_id = $17::UUID OR membership_1.tenant_id = $3::UUID OR membership_1.managing_partner_id = $3::UUID)) AS part3 (c0, c1, c2, c3)
UNION ALL
SELECT 4, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT tenant_security_settings.organization_ticket_access, tenant_security_settings.tenant_id AS parent_key
FROM tenant_security_settings
WHERE (tenant_security_settings.tenant_id = $3::UUID OR tenant_security_settings.managing_partner_id = $3::UUID) AND tenant_security_settings.tenant_id = ANY (ARRAY(SELECT DISTINCT c2 FROM part2 WHERE c2 IS NOT NULL)::UUID[]) AND tenant_security_settings.tenant_id = $3::UUID) AS part4 (c0, c1)
UNION ALL
SELECT 5, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], c1::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c11 FROM part0 WHERE c11 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription
WHERE (service_subscription.tenant_id = $3::UUID OR service_subscription.managing_partner_id = $3::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $18::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key) AS counted ON true) AS part5 (c0, c1)
UNION ALL
SELECT 6, c0::UUID, c5::UUID, c6::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, NULL::TEXT, NULL::TEXT, c3::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, c4::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM part6
UNION ALL
SELECT 7, c1::UUID, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM part7
UNION ALL
SELECT 8, c1::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT support_channel.name, support_channel.id AS parent_key
FROM support_channel
WHERE support_channel.id = ANY (ARRAY(SELECT DISTINCT c1 FROM part7 WHERE c1 IS NOT NULL)::UUID[])) AS part8 (c0, c1)
UNION ALL
SELECT 9, c2::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, c1::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT service_setup.status, service_setup.started_at, service_setup.subscription_id AS parent_key
FROM service_setup
WHERE (service_setup.tenant_id = $3::UUID OR service_setup.managing_partner_id = $3::UUID) AND service_setup.subscription_id = ANY (ARRAY(SELECT DISTINCT c6 FROM part6 WHERE c6 IS NOT NULL)::UUID[])) AS part9 (c0, c1, c2)
UNION ALL
SELECT 10, c0::UUID, c4::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, c2::NUMERIC, c3::NUMERIC FROM part10
UNION ALL
SELECT 11, c4::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c0::TEXT, c1::TEXT, c2::TEXT, c3::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT support_contract.access_id, support_contract.plan_name, support_contract.program, CASE WHEN (support_contract.status = $32) THEN $33 WHEN (support_contract.valid_until <= $18::TIMESTAMP WITH TIME ZONE) THEN $34 WHEN (support_contract.status = $35) THEN $36 WHEN (support_contract.valid_from > $18::TIMESTAMP WITH TIME ZONE) THEN $37 WHEN (NOT (EXISTS (SELECT *
FROM entitlement
WHERE entitlement.contract_id = support_contract.id AND entitlement.available > $38::INTEGER))) THEN $39 ELSE $40 END AS status, support_contract.id AS parent_key
FROM support_contract
WHERE (support_contract.tenant_id = $3::UUID OR support_contract.id = ANY (array((SELECT support_contract_link_1.contract_id
FROM support_contract_link AS support_contract_link_1
WHERE support_contract_link_1.tenant_id = $3::UUID AND support_contract_link_1.revoked_at IS NULL)))) AND support_contract.id = ANY (ARRAY(SELECT DISTINCT c4 FROM part10 WHERE c4 IS NOT NULL)::UUID[])) AS part11 (c0, c1, c2, c3, c4)
UNION ALL
SELECT 12, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], c1::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c12 FROM part0 WHERE c12 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $41 OR ticket.requester_user_id = $17::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $17::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key) AS counted ON true) AS part12 (c0, c1)
UNION ALL
SELECT 13, c0::UUID, c3::UUID, c5::UUID, c8::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c6::TEXT, c7::TEXT, NULL::BIGINT, c4::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM part13
UNION ALL
SELECT 14, c0::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], c1::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c8 FROM part13 WHERE c8 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id AND ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $43 OR ticket.requester_user_id = $17::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $17::UUID AND ticket_participant.kind = 'CC') ELSE false END))) AND ticket_message.visibility = $44 AND ticket_message.ticket_id = parent.key) AS counted ON true) AS part14 (c0, c1)
UNION ALL
SELECT 15, c0::UUID, c4::UUID, NULL::UUID, NULL::UUID, NULL::UUID, c1::TEXT, c2::TEXT, c3::TEXT, NULL::TEXT, NULL::BIGINT, NULL::BOOLEAN, NULL::BOOLEAN, NULL::TEXT[], NULL::TEXT[], NULL::INTEGER, NULL::TIMESTAMP WITH TIME ZONE, NULL::NUMERIC, NULL::NUMERIC FROM (SELECT parent.key AS parent_key, page.author_name, page.author_side, page.body, page.id
FROM unnest(ARRAY(SELECT DISTINCT c8 FROM part13 WHERE c8 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT ticket_message.author_name AS author_name, ticket_message.author_side AS author_side, ticket_message.body AS body, ticket_message.id AS id, ticket_message.created_at AS created_at
FROM ticket_message
WHERE (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = ticket_message.ticket_id AND ((ticket.tenant_id = $3::UUID OR ticket.managing_partner_id = $3::UUID) AND ticket.visibility = $45 OR ticket.requester_user_id = $17::UUID AND ticket.tenant_id = $3::UUID OR CASE WHEN (ticket.desk_id = $3::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $17::UUID AND ticket_participant.kind = 'CC') ELSE false END))) AND ticket_message.visibility = $46 AND ticket_message.ticket_id = parent.key ORDER BY ticket_message.created_at DESC, ticket_message.id DESC
LIMIT 1) AS page ON true ORDER BY page.created_at DESC, page.id DESC) AS part15 (c0, c1, c2, c3, c4)

-- 2
SELECT user_account.id, user_account.id AS parent_key
FROM user_account
WHERE (user_account.id = $1::UUID OR (EXISTS (SELECT *
FROM membership
WHERE membership.user_id = user_account.id AND (membership.user_id = $1::UUID OR membership.tenant_id = $2::UUID OR membership.managing_partner_id = $2::UUID)))) AND user_account.id = ANY ($3::UUID[])

-- 3
SELECT attachment.file_name, attachment.message_id AS parent_key
FROM attachment
WHERE (attachment.ticket_id IS NULL AND attachment.tenant_id = $1::UUID AND attachment.uploader_user_id = $2::UUID OR (EXISTS (SELECT *
FROM ticket
WHERE ticket.id = attachment.ticket_id AND ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $2::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $2::UUID AND ticket_participant.kind = 'CC') ELSE false END))) AND NOT (EXISTS (SELECT *
FROM ticket_message
WHERE ticket_message.id = attachment.message_id AND ticket_message.visibility = $4))) AND attachment.message_id = ANY ($5::UUID[]) ORDER BY attachment.created_at, attachment.id
