-- Vendor, a note of its own, requester, vendor: as long as the ticket's state says. Not the vendor's unanswered ones.

INSERT INTO ticket_message (id, ticket_id, tenant_id, managing_partner_id, author_user_id, author_name, author_side, visibility, body,
  created_at)
SELECT bench.id(17, t.number::bigint * 4 + place), t.id, t.tenant_id, t.managing_partner_id,
  CASE place WHEN 2 THEN t.requester_user_id ELSE t.assignee_id END, CASE place WHEN 2 THEN t.requester_name ELSE t.assignee_name END,
  CASE place WHEN 2 THEN t.requester_side ELSE 'VENDOR' END, CASE place WHEN 1 THEN 'INTERNAL' ELSE 'PUBLIC' END, p.text,
  t.created_at + (place + 1) * (t.first_responded_at - t.created_at)
FROM ticket AS t CROSS JOIN generate_series(0, 3) AS place
JOIN bench.phrase AS p ON p.kind = 'body' AND p.n = bench.dice(t.number::bigint * 4 + place, 18, (SELECT phrases FROM bench.size))
WHERE t.assignee_id IS NOT NULL AND CASE place WHEN 1 THEN t.number::bigint % 4 = 2 WHEN 3 THEN t.status <> 'OPEN' ELSE true END;
