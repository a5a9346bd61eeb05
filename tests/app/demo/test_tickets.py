"""The demo's tickets live as tickets do."""

from tests.support.demo import NOW, Demo


def test_AMB7_resellers_ask_for_nobody(demo: Demo) -> None:
    asked = """
        SELECT p.partner_type FROM ticket AS t JOIN tenant AS p ON p.id = t.requester_tenant_id
        WHERE t.origin = 'ON_BEHALF' GROUP BY 1 ORDER BY 1
    """
    assert demo.rows(asked) == [("DIRECT",), ("INDIRECT_PROVIDER",)]


def test_nothing_has_happened_in_the_future(demo: Demo) -> None:
    later = """
        SELECT number FROM ticket WHERE greatest(created_at, first_responded_at, resolved_at, closed_at,
            resolution_stopped_at, last_public_activity_at) > $1
        UNION ALL SELECT body FROM ticket_message WHERE created_at > $1
        UNION ALL SELECT kind FROM entitlement_transaction WHERE occurred_at > $1
        UNION ALL SELECT action FROM audit_event WHERE occurred_at > $1
    """
    assert demo.rows(later, NOW) == []


def test_tickets_live_in_order(demo: Demo) -> None:
    disordered = """
        SELECT number FROM ticket WHERE NOT (created_at <= coalesce(first_responded_at, created_at)
            AND coalesce(first_responded_at, created_at) <= coalesce(resolved_at, last_public_activity_at)
            AND coalesce(resolved_at, created_at) <= coalesce(closed_at, last_public_activity_at)
            AND (status IN ('RESOLVED', 'CLOSED', 'AWAITING_REPLY')) = (resolution_stopped_at IS NOT NULL))
    """
    assert demo.rows(disordered) == []


def test_the_next_ticket_gets_the_next_number(demo: Demo) -> None:
    last = demo.value("SELECT max(number)::bigint FROM ticket")

    assert demo.rows("SELECT last_value, is_called FROM ticket_number") == [(last, True)]


def test_files_are_where_the_rows_say(demo: Demo) -> None:
    files = demo.rows("SELECT object_key, size FROM attachment WHERE state <> 'AWAITING_UPLOAD' ORDER BY id")
    exports = demo.rows("SELECT object_key, size FROM export_job WHERE object_key IS NOT NULL ORDER BY id")
    found = (path for path in demo.objects.rglob("*") if path.is_file())
    stored = {path.relative_to(demo.objects).as_posix(): path.stat().st_size for path in found}

    assert (len(files), len(exports)) == (4, 1)
    assert stored == dict(files + exports)
