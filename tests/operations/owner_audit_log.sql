-- 1
SELECT 0, c0::TIMESTAMP WITH TIME ZONE, c1::TEXT, c2::TEXT, c4::TEXT, c5::TEXT, c6::TEXT, c9::TEXT, c3::UUID, c7::JSONB, c8::JSONB, NULL::INTEGER FROM (SELECT audit_event.occurred_at, audit_event.action, audit_event.object_type, audit_event.object_id, audit_event.actor_kind, audit_event.actor_name, audit_event.acting_tenant_name, audit_event.before, audit_event.after, audit_event.request_id
FROM audit_event
WHERE audit_event.tenant_id = $1::UUID AND (audit_event.private_to IS NULL OR audit_event.private_to = $2::UUID) ORDER BY audit_event.occurred_at DESC, audit_event.id DESC
LIMIT 5) AS part0 (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)
UNION ALL
SELECT 1, NULL::TIMESTAMP WITH TIME ZONE, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::TEXT, NULL::UUID, NULL::JSONB, NULL::JSONB, c0::INTEGER FROM (SELECT count(*) AS count
FROM audit_event
WHERE audit_event.tenant_id = $1::UUID AND (audit_event.private_to IS NULL OR audit_event.private_to = $2::UUID)) AS part1 (c0)
