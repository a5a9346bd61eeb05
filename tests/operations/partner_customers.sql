-- 1
WITH part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10) AS MATERIALIZED (SELECT management_relationship.id, management_relationship.organization_name, management_relationship.registered_account, management_relationship.country, management_relationship.mode AS management_mode, EXISTS (SELECT *
FROM customer_pin
WHERE customer_pin.relationship_id = management_relationship.id AND customer_pin.user_id = $1::UUID AND customer_pin.tenant_id = $2::UUID AND customer_pin.user_id = $1::UUID) AS pinned, customer_profile.tags, CASE WHEN (management_relationship.status = $3 AND management_relationship.mode = $4) THEN management_relationship.customer_tenant_id END AS managed_tenant_id, management_relationship.status AS relationship_status, management_relationship.customer_tenant_id, management_relationship.search_name
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $2::UUID AND CASE WHEN (management_relationship.status = $5) THEN $6::VARCHAR WHEN (management_relationship.mode = $7) THEN $8::VARCHAR WHEN (tenant.status = $9) THEN $10::VARCHAR ELSE $11::VARCHAR END IN ($12) AND management_relationship.status = $13 AND management_relationship.mode = $14 AND (EXISTS (SELECT *
FROM ticket
WHERE ticket.tenant_id = management_relationship.customer_tenant_id AND ticket.status IN ('OPEN', 'AWAITING_REPLY') AND ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $15 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END))) ORDER BY management_relationship.search_name DESC, management_relationship.id DESC
LIMIT 5),
part4 (c0, c1, c2, c3) AS MATERIALIZED (SELECT parent.key AS parent_key, page.service_id, page.status, page.setup_status
FROM unnest(ARRAY(SELECT DISTINCT c9 FROM part0 WHERE c9 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT service_subscription.service_id AS service_id, CASE WHEN (service_subscription.status = $29) THEN service_subscription.status WHEN (service_subscription.valid_until <= $28::TIMESTAMP WITH TIME ZONE) THEN $30 WHEN (service_subscription.valid_from > $28::TIMESTAMP WITH TIME ZONE) THEN $31 ELSE service_subscription.status END AS status, CASE WHEN (service_setup.status IS NOT NULL) THEN service_setup.status WHEN ((EXISTS (SELECT *
FROM service
WHERE service.id = service_subscription.service_id AND service.startable)) AND (service_subscription.tenant_id = $2::UUID OR (EXISTS (SELECT *
FROM management_relationship
WHERE management_relationship.customer_tenant_id = service_subscription.tenant_id AND management_relationship.tenant_id = $2::UUID AND management_relationship.status = $32 AND management_relationship.mode = $33)))) THEN $34 END AS setup_status, service_subscription.valid_from AS valid_from, service_subscription.id AS id
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND (service_setup.tenant_id = $2::UUID OR service_setup.managing_partner_id = $2::UUID)
WHERE (service_subscription.tenant_id = $2::UUID OR service_subscription.managing_partner_id = $2::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $28::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key AND service_subscription.valid_until > $28::TIMESTAMP WITH TIME ZONE ORDER BY service_subscription.valid_from ASC, service_subscription.id ASC
LIMIT 2) AS page ON true ORDER BY page.valid_from ASC, page.id ASC)
SELECT 0, c0::UUID, c7::UUID, c9::UUID, c1::TEXT, c2::TEXT, c3::TEXT, c4::TEXT, c8::TEXT, c10::TEXT, c5::BOOLEAN, c6::TEXT[], NULL::INTEGER FROM part0
UNION ALL
SELECT 1, NULL::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::TEXT[], c0::INTEGER FROM (SELECT count(*) AS count
FROM management_relationship LEFT OUTER JOIN customer_profile ON customer_profile.relationship_id = management_relationship.id LEFT OUTER JOIN tenant ON tenant.id = management_relationship.customer_tenant_id
WHERE management_relationship.tenant_id = $2::UUID AND CASE WHEN (management_relationship.status = $16) THEN $17::VARCHAR WHEN (management_relationship.mode = $18) THEN $19::VARCHAR WHEN (tenant.status = $20) THEN $21::VARCHAR ELSE $22::VARCHAR END IN ($23) AND management_relationship.status = $24 AND management_relationship.mode = $25 AND (EXISTS (SELECT *
FROM ticket
WHERE ticket.tenant_id = management_relationship.customer_tenant_id AND ticket.status IN ('OPEN', 'AWAITING_REPLY') AND ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $26 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END)))) AS part1 (c0)
UNION ALL
SELECT 2, c0::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::TEXT[], c1::INTEGER FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c7 FROM part0 WHERE c7 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM ticket
WHERE ((ticket.tenant_id = $2::UUID OR ticket.managing_partner_id = $2::UUID) AND ticket.visibility = $27 OR ticket.requester_user_id = $1::UUID AND ticket.tenant_id = $2::UUID OR CASE WHEN (ticket.desk_id = $2::UUID) THEN EXISTS (SELECT *
FROM ticket_participant
WHERE ticket_participant.ticket_id = ticket.id AND ticket_participant.user_id = $1::UUID AND ticket_participant.kind = 'CC') ELSE false END) AND ticket.tenant_id = parent.key AND ticket.status IN ('OPEN', 'AWAITING_REPLY')) AS counted ON true) AS part2 (c0, c1)
UNION ALL
SELECT 3, c0::UUID, NULL::UUID, NULL::UUID, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::TEXT[], c1::INTEGER FROM (SELECT parent.key AS parent_key, counted.count
FROM unnest(ARRAY(SELECT DISTINCT c9 FROM part0 WHERE c9 IS NOT NULL)::UUID[]) AS parent(key) JOIN LATERAL (SELECT count(*) AS count
FROM service_subscription LEFT OUTER JOIN service_setup ON service_setup.subscription_id = service_subscription.id AND (service_setup.tenant_id = $2::UUID OR service_setup.managing_partner_id = $2::UUID)
WHERE (service_subscription.tenant_id = $2::UUID OR service_subscription.managing_partner_id = $2::UUID) AND NOT (service_subscription.hidden_when_expired AND service_subscription.valid_until <= $28::TIMESTAMP WITH TIME ZONE) AND service_subscription.tenant_id = parent.key AND service_subscription.valid_until > $28::TIMESTAMP WITH TIME ZONE) AS counted ON true) AS part3 (c0, c1)
UNION ALL
SELECT 4, c0::UUID, c1::UUID, NULL::UUID, c2::TEXT, c3::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::TEXT[], NULL::INTEGER FROM part4
UNION ALL
SELECT 5, c1::UUID, NULL::UUID, NULL::UUID, c0::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::BOOLEAN, NULL::TEXT[], NULL::INTEGER FROM (SELECT service.name, service.id AS parent_key
FROM service
WHERE service.id = ANY (ARRAY(SELECT DISTINCT c1 FROM part4 WHERE c1 IS NOT NULL)::UUID[])) AS part5 (c0, c1)
