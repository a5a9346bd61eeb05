-- Thirty tickets for every customer, of all customers by turns, as time goes by: neighbours in the table are not of one tenant.
-- `i` counts them from the oldest, `turn` is a ticket's place among those of its customer; the last turns are open.
-- Run with the parts 0 and 1 at the same time.

INSERT INTO ticket (id, number, tenant_id, managing_partner_id, desk_id, kind, origin, status, visibility, service_id, issue_type, severity,
  summary, details, contact_name, contact_email, requester_user_id, requester_tenant_id, requester_name, requester_side,
  tenant_owner_user_id, tenant_owner_name, tenant_owner_email, assignee_id, assignee_name, region_id, contract_id, entitlement_id,
  entitlement_quantity, response_minutes, response_clock, response_due_at, first_responded_at, resolution_minutes, resolution_due_at,
  resolution_stopped_at, resolved_at, closed_at, closure_code, reopened_count, last_public_activity_at, created_at, updated_at)
SELECT bench.id(14, i), to_char(i + 1, 'FM00000000'), c.tenant_id, c.partner_id, c.partner_id,
  CASE WHEN incident THEN 'INCIDENT' ELSE 'ADVISORY' END, origin, status, 'ORGANIZATION', s.id,
  CASE WHEN invited THEN bench.pick(turn, 'TROUBLESHOOT', 'GENERAL_GUIDANCE') END, d.severity,
  summary.text, details.text, p.name, p.email, p.id, CASE side WHEN 'PARTNER' THEN c.partner_id ELSE c.tenant_id END, p.name, side,
  CASE WHEN invited THEN c.owner_id END, CASE WHEN invited THEN c.owner_name END, CASE WHEN invited THEN c.owner_email END,
  CASE WHEN answered THEN a.id END, CASE WHEN answered THEN a.name END, c.region_id,
  CASE WHEN incident THEN bench.id(10, c.n) END, CASE WHEN incident THEN bench.id(13, c.n * 2) END, CASE WHEN incident THEN 1 END,
  promised.response_minutes, promised.clock, at + make_interval(mins => promised.response_minutes::integer),
  CASE WHEN answered THEN at + step END, promised.resolution_minutes, at + make_interval(mins => promised.resolution_minutes::integer),
  CASE status WHEN 'OPEN' THEN NULL ELSE at + 4 * step END, CASE WHEN solved THEN at + 4 * step END,
  CASE status WHEN 'CLOSED' THEN at + 8 * step END,
  CASE status WHEN 'CLOSED' THEN bench.pick(turn, 'DECREMENT', 'NON_DECREMENT', 'DECREMENT') END,
  0, last, at, last
FROM bench.size AS z
CROSS JOIN generate_series(:part, z.partners * z.customers * 30 - 1, 2) AS i
CROSS JOIN LATERAL (SELECT i / (z.partners * z.customers) AS turn) AS t
JOIN bench.customer AS c ON c.n = 1 + (i % (z.partners * z.customers) * 7919 + turn * 104729) % (z.partners * z.customers)
CROSS JOIN LATERAL (
  SELECT now() - (1 - i::float8 / (z.partners * z.customers * 30)) * interval '540 days' AS at,
    CASE WHEN turn < 22 OR c.n % 12 = 5 OR (turn < 25 AND bench.dice(i, 7, 3) > 0)
      THEN bench.pick(bench.dice(i, 8, 5), 'CLOSED', 'RESOLVED', 'CLOSED', 'CLOSED', 'RESOLVED')
      ELSE bench.pick(bench.dice(i, 9, 5), 'OPEN', 'AWAITING_REPLY', 'OPEN', 'AWAITING_REPLY', 'OPEN') END AS status,
    CASE WHEN turn % 10 = 2 THEN 'ON_BEHALF' WHEN turn % 2 = 0 THEN 'PORTAL' ELSE 'INVITE' END AS origin,
    turn % 6 = 3 AS incident, 1 + bench.dice(i, 10, 5) AS severity) AS d
CROSS JOIN LATERAL (
  SELECT origin <> 'PORTAL' AS invited, status <> 'OPEN' OR turn % 3 > 0 AS answered, status IN ('RESOLVED', 'CLOSED') AS solved,
    CASE origin WHEN 'ON_BEHALF' THEN 'PARTNER' ELSE 'CUSTOMER' END AS side,
    least(make_interval(hours => 1 + bench.dice(i, 11, 40)), (now() - at) / 10) AS step) AS e
CROSS JOIN LATERAL (
  SELECT at + CASE WHEN status = 'CLOSED' THEN 8 WHEN status <> 'OPEN' THEN 4 WHEN answered THEN 3 ELSE 0 END * step AS last) AS f
CROSS JOIN LATERAL (
  SELECT c.admin_id AS id, c.admin_name AS name, c.admin_email AS email WHERE origin = 'ON_BEHALF'
  UNION ALL SELECT c.owner_id, c.owner_name, c.owner_email WHERE origin = 'INVITE'
  UNION ALL SELECT c.user_id, c.user_name, c.user_email WHERE origin = 'PORTAL') AS p
JOIN bench.agent AS a ON a.n = bench.dice(i, 12, 12)
JOIN bench.service AS s ON s.n = (c.n + bench.dice(i, 13, 4) * 3) % (SELECT count(*) FROM bench.service)
JOIN sla_target AS promised ON promised.severity = d.severity
JOIN bench.phrase AS summary ON summary.kind = 'summary' AND summary.n = bench.dice(i, 14, (SELECT phrases FROM bench.size))
JOIN bench.phrase AS details ON details.kind = 'details' AND details.n = bench.dice(i, 15, (SELECT phrases FROM bench.size));
