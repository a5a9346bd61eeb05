-- Who raised the ticket, now and then a colleague and the helpdesk in copy, and whom an invitation names as its contact.

INSERT INTO ticket_participant (id, ticket_id, tenant_id, managing_partner_id, user_id, email, name, kind, added_at)
SELECT bench.id(18, t.number::bigint * 4 + p.place), t.id, t.tenant_id, t.managing_partner_id, p.user_id, p.email, p.name, p.kind,
  t.created_at
FROM ticket AS t JOIN bench.customer AS c USING (tenant_id)
CROSS JOIN LATERAL (
  SELECT 0 AS place, t.requester_user_id AS user_id, t.contact_email AS email, t.requester_name AS name, 'REQUESTER' AS kind
  UNION ALL SELECT 1, c.owner_id, c.owner_email, c.owner_name, 'CC'
  WHERE t.requester_user_id <> c.owner_id AND (t.requester_side = 'PARTNER' OR t.number::bigint % 3 = 1)
  UNION ALL SELECT 2, NULL, 'helpdesk@' || c.domain, NULL, 'CC' WHERE t.number::bigint % 9 = 4
  UNION ALL SELECT 3, t.requester_user_id, t.contact_email, t.requester_name, 'CONTACT' WHERE t.origin = 'INVITE') AS p;
