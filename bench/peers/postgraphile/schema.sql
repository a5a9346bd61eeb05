-- What PostGraphile shows: views of the caller's own rights (security_invoker), so that row-level security decides as
-- for everybody; what a partner's administrator sees beyond it is said here once, in each view's own predicate.

DROP SCHEMA IF EXISTS portal CASCADE;
CREATE SCHEMA portal;

CREATE FUNCTION portal.tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('bailiwick.tenant_id', true), '')::uuid;
CREATE FUNCTION portal.viewer_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('bailiwick.user_id', true), '')::uuid;
COMMENT ON FUNCTION portal.tenant() IS '@behavior -queryField';

-- The outer join is left out of statements that ask for none of its columns.
CREATE VIEW portal.customer WITH (security_invoker) AS
SELECT c.id, c.customer_tenant_id AS tenant_id, c.organization_name, c.registered_account, c.country,
  c.search_name, f.tags,
  CASE WHEN c.status = 'ACTIVE' AND c.mode = 'PARTNER' THEN c.customer_tenant_id END AS managed_tenant_id
FROM management_relationship c LEFT JOIN customer_profile f ON f.relationship_id = c.id
WHERE c.tenant_id = (SELECT portal.tenant());

CREATE VIEW portal.service WITH (security_invoker) AS
SELECT id, name, family, startable, premium FROM service;

CREATE VIEW portal.subscribed_service WITH (security_invoker) AS
SELECT id, tenant_id, service_id, valid_from FROM service_subscription
WHERE NOT (hidden_when_expired AND valid_until <= now());

CREATE VIEW portal.ticket WITH (security_invoker) AS
SELECT t.id, t.tenant_id, t.number, t.summary, t.status, t.severity::int AS severity, t.kind, t.issue_type,
  t.created_at, t.desk_id, t.search_text FROM ticket t
WHERE t.visibility = 'ORGANIZATION' OR EXISTS (
  SELECT FROM ticket_participant p
  WHERE p.ticket_id = t.id AND p.user_id = (SELECT portal.viewer_id()) AND p.kind = 'CC');

-- A view of its own, so that the index on open tickets serves it.
CREATE VIEW portal.open_ticket WITH (security_invoker) AS
SELECT t.id, t.tenant_id, t.number, t.summary, t.status, t.severity::int AS severity, t.kind, t.issue_type,
  t.created_at FROM ticket t
WHERE t.status IN ('OPEN', 'AWAITING_REPLY') AND (t.visibility = 'ORGANIZATION' OR EXISTS (
  SELECT FROM ticket_participant p
  WHERE p.ticket_id = t.id AND p.user_id = (SELECT portal.viewer_id()) AND p.kind = 'CC'));

CREATE VIEW portal.entitlement WITH (security_invoker) AS
SELECT e.id, e.tenant_id, e.unit, e.available::text AS available, e.total::text AS total FROM entitlement e
WHERE e.tenant_id = (SELECT portal.tenant()) OR e.contract_id = ANY (ARRAY(
  SELECT l.contract_id FROM support_contract_link l
  WHERE l.tenant_id = (SELECT portal.tenant()) AND l.revoked_at IS NULL));

CREATE VIEW portal.participant WITH (security_invoker) AS
SELECT id, ticket_id, kind, name, email, added_at FROM ticket_participant;

CREATE VIEW portal.message WITH (security_invoker) AS
SELECT id, ticket_id, author_name, body, created_at FROM ticket_message WHERE visibility = 'PUBLIC';

-- Inlined into the statement: newest first along the index on the partner's tickets; words are made searchable once.
CREATE FUNCTION portal.search_tickets(search text) RETURNS SETOF portal.ticket LANGUAGE sql STABLE AS $$
  SELECT t.* FROM portal.ticket t
  WHERE t.desk_id = (SELECT portal.tenant()) AND (
    SELECT bool_and(strpos(t.search_text, said) > 0) FROM unnest(ARRAY(
      SELECT searchable(word) FROM regexp_split_to_table(trim(search), '\s+') AS word)) AS said)
  ORDER BY t.created_at DESC, t.id DESC
$$;

COMMENT ON COLUMN portal.ticket.desk_id IS '@behavior -*';
COMMENT ON COLUMN portal.ticket.search_text IS '@behavior -*';
COMMENT ON VIEW portal.customer IS $$@primaryKey id
@unique tenant_id
@unique managed_tenant_id$$;
COMMENT ON VIEW portal.service IS '@primaryKey id';
COMMENT ON VIEW portal.subscribed_service IS $$@primaryKey id
@foreignKey (service_id) references portal.service (id)|@fieldName service
@foreignKey (tenant_id) references portal.customer (tenant_id)|@foreignFieldName services$$;
COMMENT ON VIEW portal.ticket IS $$@primaryKey id
@foreignKey (tenant_id) references portal.customer (managed_tenant_id)|@foreignFieldName tickets$$;
COMMENT ON VIEW portal.open_ticket IS $$@primaryKey id
@foreignKey (tenant_id) references portal.customer (managed_tenant_id)|@foreignFieldName openTickets$$;
COMMENT ON VIEW portal.entitlement IS $$@primaryKey id
@foreignKey (tenant_id) references portal.customer (tenant_id)|@foreignFieldName entitlements$$;
COMMENT ON VIEW portal.participant IS $$@primaryKey id
@foreignKey (ticket_id) references portal.ticket (id)|@foreignFieldName participants$$;
COMMENT ON VIEW portal.message IS $$@primaryKey id
@foreignKey (ticket_id) references portal.ticket (id)|@foreignFieldName conversation$$;

GRANT USAGE ON SCHEMA portal TO bailiwick_app;
GRANT SELECT ON ALL TABLES IN SCHEMA portal TO bailiwick_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA portal TO bailiwick_app;
