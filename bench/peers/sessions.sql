-- Who a session is, in one round trip: its live user in the one tenant where it works. As in the platform's own function,
-- the tables are read with their owner's rights (docs/adr/0022): neither is slower for the fence than the other.

CREATE SCHEMA IF NOT EXISTS peers;
GRANT USAGE ON SCHEMA peers TO bailiwick_app;

CREATE OR REPLACE FUNCTION peers.caller(session uuid, person uuid)
RETURNS TABLE (user_id uuid, email text, name text, session_id uuid, role text, tenant_id uuid, tenant_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, lower(u.email), trim(u.first_name || ' ' || u.last_name), s.id, m.role::text, t.id, t.name
  FROM sign_in_session s
  JOIN user_account u ON u.id = s.user_id AND u.status = 'ACTIVE'
  JOIN membership m ON m.user_id = u.id AND m.status = 'ACTIVE'
  JOIN tenant t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
  WHERE s.id = session AND s.user_id = person AND s.revoked_at IS NULL AND s.expires_at > now();
END $$;
