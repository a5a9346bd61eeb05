-- 1
SELECT management_relationship.id, management_relationship.organization_name, management_relationship.registered_account, management_relationship.country, management_relationship.mode AS management_mode, EXISTS (SELECT *
FROM customer_pin
WHERE customer_pin.relationship_id = management_relationship.id AND customer_pin.user_id = $1::UUID AND customer_pin.tenant_id = $2::UUID AND customer_pin.user_id = $1::UUID) AS pinned, customer_profile.tags, CASE WHEN (management_relationship.status = $3 AND management_relationship.mode = $4) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.status AS relationship_status, management_relationship.customer_tenant_id, management_relationship.search_name
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $2::UUID AND CASE WHEN (management_relationship.status = $5) THEN $6::VARCHAR WHEN (management_relationship.mode = $7) THEN $8::VARCHAR WHEN (tenant.status = $9) THEN $10::VARCHAR ELSE $11::VARCHAR END IN ($15) AND management_relationship.status = $12 AND management_relationship.mode = $13 AND (EXISTS (SELECT *
FROM ticket
WHERE ticket.tenant_id = management_relationship.customer_tenant_id AND ticket.status IN ('OPEN', 'AWAITING_REPLY') AND ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $14 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END))) ORDER BY management_relationship.search_name DESC, management_relationship.id DESC
LIMIT 5

-- 2
SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $1::UUID AND CASE WHEN (management_relationship.status = $2) THEN $3::VARCHAR WHEN (management_relationship.mode = $4) THEN $5::VARCHAR WHEN (tenant.status = $6) THEN $7::VARCHAR ELSE $8::VARCHAR END IN ($13) AND management_relationship.status = $9 AND management_relationship.mode = $10 AND (EXISTS (SELECT *
FROM ticket
WHERE ticket.tenant_id = management_relationship.customer_tenant_id AND ticket.status IN ('OPEN', 'AWAITING_REPLY') AND ((ticket.tenant_id = $1::UUID OR ticket.managing_partner_id = $1::UUID) AND ticket.visibility = $11 OR ticket.requester_user_id = $12::UUID AND ticket.tenant_id = $1::UUID OR CASE WHEN (ticket.desk_id = $1::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $12::UUID AND ticket_participant.kind = 'CC') ELSE false END)))

-- 3
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $3 OR ticket.requester_user_id = $4::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $4::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS counted ON true

-- 4
SELECT parent.key AS parent_key, page.service_id, page.status, page.setup_status
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT service_subscription.service_id AS service_id, CASE WHEN (service_subscription.status = $2) THEN service_subscription.status WHEN (service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) THEN $4 WHEN (service_subscription.valid_from > $3::TIMESTAMP WITH TIME ZONE) THEN $5 ELSE service_subscription.status END AS status, CASE WHEN (service_setup.status IS NOT NULL) THEN service_setup.status WHEN ((EXISTS (SELECT *
FROM service
WHERE service.id = service_subscription.service_id AND service.startable)) AND (service_subscription.tenant_id = $6::UUID OR (EXISTS (SELECT *
FROM management_relationship
WHERE management_relationship.customer_tenant_id = service_subscription.tenant_id AND management_relationship.tenant_id = $6::UUID AND management_relationship.status = $7 AND management_relationship.mode = $8)))) THEN $9 END AS setup_status, service_subscription.valid_from AS valid_from, service_subscription.id AS id
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND (service_setup.tenant_id = $6::UUID OR service_setup.managing_partner_id = $6::UUID)
WHERE (service_subscription.tenant_id = $6::UUID OR service_subscription.managing_partner_id = $6::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key AND service_subscription.valid_until > $3::TIMESTAMP WITH TIME ZONE ORDER BY service_subscription.valid_from ASC, service_subscription.id ASC
LIMIT 2) AS page ON true ORDER BY page.valid_from ASC, page.id ASC

-- 5
SELECT parent.key AS parent_key, counted.count
FROM unnest($1::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND (service_setup.tenant_id = $2::UUID OR service_setup.managing_partner_id = $2::UUID)
WHERE (service_subscription.tenant_id = $2::UUID OR service_subscription.managing_partner_id = $2::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $3::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key AND service_subscription.valid_until > $3::TIMESTAMP WITH TIME ZONE) AS counted ON true

-- 6
SELECT service.name, service.id AS parent_key
FROM service
WHERE service.id = ANY ($1::UUID[])
