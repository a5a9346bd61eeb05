-- 1
SELECT audit_event.occurred_at, audit_event.action, audit_event.object_type, audit_event.object_id, audit_event.actor_kind, audit_event.actor_name, audit_event.acting_tenant_name, audit_event.before, audit_event.after, audit_event.request_id
FROM audit_event
WHERE audit_event.tenant_id = $1::UUID ORDER BY audit_event.occurred_at DESC, audit_event.id DESC
LIMIT 5

-- 2
SELECT count(*) AS count
FROM audit_event
WHERE audit_event.tenant_id = $1::UUID
