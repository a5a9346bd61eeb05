"""What happened in the tickets of one customer, and whom it was told: as the commands would have written it.

It is derived from the rows of the tickets once they are there. Those whose rows tell less than their timeline would,
which were reopened or merged, have none.
"""

from datetime import datetime

import asyncpg

_EVENTS = """
    WITH told AS (
        SELECT t.*, coalesce(t.assignee_name, l.first_name || ' ' || l.last_name) AS ended_by,
            l.first_name || ' ' || l.last_name AS lead
        FROM ticket AS t, user_account AS l
        WHERE t.tenant_id = $1 AND t.reopened_count = 0 AND t.closure_code IS DISTINCT FROM 'MERGED'
            AND l.email = 'lead@northstar.example'
    ), happened (ticket_id, at, place, kind, who, side, before, after, message_id) AS (
        SELECT id, created_at, 1, 'CREATED', requester_name, requester_side::text, NULL, NULL, NULL::uuid FROM told
        UNION ALL SELECT id, created_at, 2, 'INCIDENT_DEBITED', requester_name, requester_side::text, NULL,
            trim_scale(entitlement_quantity)::text, NULL FROM told WHERE entitlement_id IS NOT NULL
        UNION ALL SELECT t.id, p.added_at, 3, 'CC_ADDED', requester_name, requester_side::text, NULL, p.email, NULL
            FROM told AS t JOIN ticket_participant AS p ON p.ticket_id = t.id AND p.kind = 'CC'
        UNION ALL SELECT t.id, a.granted_at, 4, 'TEMPORARY_ACCESS_GRANTED', requester_name, requester_side::text, NULL,
            to_char(a.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), NULL
            FROM told AS t JOIN temporary_support_account AS a ON a.ticket_id = t.id
        UNION ALL SELECT id, first_responded_at - interval '1 minute', 5, 'ASSIGNED', lead, 'VENDOR', NULL,
            assignee_name, NULL FROM told WHERE assignee_id IS NOT NULL
        UNION ALL SELECT t.id, m.created_at, 6, CASE m.visibility WHEN 'PUBLIC' THEN 'REPLIED' ELSE 'NOTED' END,
            m.author_name, m.author_side::text, NULL, NULL, m.id
            FROM told AS t JOIN ticket_message AS m ON m.ticket_id = t.id
        UNION ALL SELECT id, first_responded_at, 7, 'FIRST_RESPONDED', assignee_name, 'VENDOR', NULL, NULL, NULL
            FROM told WHERE first_responded_at IS NOT NULL
        UNION ALL SELECT id, resolution_stopped_at, 8, 'STATUS_CHANGED', assignee_name, 'VENDOR', 'OPEN', status::text,
            NULL FROM told WHERE status = 'AWAITING_REPLY'
        UNION ALL SELECT id, resolved_at, 8, 'STATUS_CHANGED', ended_by, 'VENDOR', 'OPEN', 'RESOLVED', NULL
            FROM told WHERE resolved_at IS NOT NULL
        UNION ALL SELECT id, closed_at, 9, 'STATUS_CHANGED', ended_by, 'VENDOR',
            CASE WHEN resolved_at IS NULL THEN 'OPEN' ELSE 'RESOLVED' END, 'CLOSED', NULL
            FROM told WHERE closed_at IS NOT NULL
        UNION ALL SELECT id, credited_at, 10, 'INCIDENT_CREDITED', ended_by, 'VENDOR', NULL,
            trim_scale(entitlement_quantity)::text, NULL FROM told WHERE credited_at IS NOT NULL
        UNION ALL SELECT t.id, a.revoked_at, 11, 'TEMPORARY_ACCESS_REVOKED',
            CASE WHEN t.closed_at IS NULL THEN t.tenant_owner_name ELSE ended_by END,
            CASE WHEN t.closed_at IS NULL THEN 'CUSTOMER' ELSE 'VENDOR' END, NULL, NULL, NULL
            FROM told AS t JOIN temporary_support_account AS a ON a.ticket_id = t.id WHERE a.revoked_at IS NOT NULL
    )
    INSERT INTO ticket_event (
        id, tenant_id, managing_partner_id, ticket_id, occurred_at, kind, visibility, actor_name, actor_side, before,
        after, message_id
    )
    SELECT (lpad(place::text, 2, '0') || substr(md5(concat_ws(' ', h.ticket_id, at, after)), 3))::uuid,
        t.tenant_id, t.managing_partner_id, t.id, at,
        h.kind, CASE h.kind WHEN 'NOTED' THEN 'INTERNAL' ELSE 'PUBLIC' END, who, side, before, after, h.message_id
    FROM happened AS h JOIN ticket AS t ON t.id = h.ticket_id
"""
# Whoever takes part hears of what others do; what is a week old has been read.
_NOTIFICATIONS = """
    WITH heard (ticket_id, at, kind, message_id, person) AS (
        SELECT e.ticket_id, e.occurred_at, 'REPLY', e.message_id, c.person
        FROM ticket_event AS e JOIN ticket_message AS m ON m.id = e.message_id
        CROSS JOIN LATERAL (
            SELECT p.user_id FROM ticket_participant AS p WHERE p.ticket_id = e.ticket_id AND p.user_id IS NOT NULL
            UNION SELECT t.assignee_id FROM ticket AS t WHERE t.id = e.ticket_id AND t.assignee_id IS NOT NULL
        ) AS c (person)
        WHERE e.tenant_id = $1 AND e.kind = 'REPLIED' AND c.person IS DISTINCT FROM m.author_user_id
        UNION ALL SELECT e.ticket_id, e.occurred_at, 'STATUS', NULL, p.user_id
        FROM ticket_event AS e
        JOIN (
            SELECT DISTINCT ticket_id, user_id FROM ticket_participant WHERE user_id IS NOT NULL
        ) AS p USING (ticket_id)
        WHERE e.tenant_id = $1 AND e.kind = 'STATUS_CHANGED' AND e.after IN ('RESOLVED', 'CLOSED')
        UNION ALL SELECT t.id, e.occurred_at, 'ASSIGNMENT', NULL, t.assignee_id
        FROM ticket_event AS e JOIN ticket AS t ON t.id = e.ticket_id
        WHERE e.tenant_id = $1 AND e.kind = 'ASSIGNED' AND e.actor_name <> e.after
        UNION ALL SELECT e.ticket_id, e.occurred_at, 'CC_ADDED', NULL, p.user_id
        FROM ticket_event AS e
        JOIN ticket_participant AS p ON p.ticket_id = e.ticket_id AND p.email = e.after AND p.kind = 'CC'
        WHERE e.tenant_id = $1 AND e.kind = 'CC_ADDED' AND p.user_id IS NOT NULL
    )
    INSERT INTO notification (id, tenant_id, user_id, ticket_id, message_id, kind, created_at, read_at)
    SELECT md5(concat_ws(' ', 'notification', ticket_id, kind, at, person))::uuid, $1, person, ticket_id, message_id,
        kind, at, CASE WHEN at < $2::timestamptz - interval '7 days' THEN at + interval '2 hours' END
    FROM heard
"""


async def tell(connection: "asyncpg.Connection[asyncpg.Record]", name: str, now: datetime) -> int:
    """Write both for the customer of this name; the number of rows."""
    tenant_id = await connection.fetchval("SELECT id FROM tenant WHERE name = $1", name)
    events = await connection.execute(_EVENTS, tenant_id)
    notifications = await connection.execute(_NOTIFICATIONS, tenant_id, now)
    return sum(int(done.split()[-1]) for done in (events, notifications))
