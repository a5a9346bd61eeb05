"""The demo's ledger explains its balances and its tickets."""

from tests.support.demo import Demo


def test_D23_every_balance_is_what_its_ledger_says(demo: Demo) -> None:
    wrong = """
        SELECT e.id, e.total, e.available FROM entitlement AS e
        JOIN entitlement_transaction AS t ON t.entitlement_id = e.id
        GROUP BY e.id HAVING
            e.total <> sum(t.quantity) FILTER (WHERE t.kind IN ('GRANT', 'ADJUST'))
            OR e.total - e.available <> coalesce(sum(t.quantity) FILTER (WHERE t.kind IN ('DEBIT', 'EXPIRE')), 0)
                - coalesce(sum(t.quantity) FILTER (WHERE t.kind = 'CREDIT'), 0)
    """
    assert demo.rows(wrong) == []


def test_D2_every_balance_was_granted(demo: Demo) -> None:
    granted = "SELECT entitlement_id FROM entitlement_transaction WHERE kind = 'GRANT'"

    assert demo.rows(f"SELECT id FROM entitlement WHERE id NOT IN ({granted})") == []


def test_D23_what_a_ticket_drew_is_in_the_ledger(demo: Demo) -> None:
    differences = """
        SELECT t.number FROM ticket AS t
        FULL JOIN (SELECT * FROM entitlement_transaction WHERE kind = 'DEBIT') AS d ON d.ticket_id = t.id
        WHERE (t.entitlement_id IS NOT NULL OR d.id IS NOT NULL)
            AND (t.entitlement_id, t.entitlement_quantity, t.created_at, t.kind)
                IS DISTINCT FROM (d.entitlement_id, d.quantity, d.occurred_at, 'INCIDENT')
    """
    assert demo.rows(differences) == []


def test_D25_incidents_are_given_back_where_the_closure_says_so(demo: Demo) -> None:
    differences = """
        SELECT t.number, t.closure_code FROM ticket AS t
        LEFT JOIN entitlement_transaction AS c ON c.ticket_id = t.id AND c.kind = 'CREDIT'
        WHERE t.entitlement_id IS NOT NULL AND (
            t.credited_at IS DISTINCT FROM c.occurred_at
            OR (c.id IS NOT NULL) <> coalesce(t.closure_code IN ('NON_DECREMENT', 'DUPLICATE', 'MERGED')
                OR (t.closure_code = 'WITHDRAWN' AND t.first_responded_at IS NULL), false))
    """
    assert demo.rows(differences) == []


def test_D17_tickets_draw_on_contracts_that_cover_them(demo: Demo) -> None:
    wrong = """
        SELECT t.number FROM ticket AS t JOIN support_contract AS c ON c.id = t.contract_id
        JOIN service AS s ON s.id = t.service_id JOIN support_channel AS h ON h.id = s.channel_id
        WHERE t.created_at < c.valid_from OR t.created_at >= c.valid_until OR NOT h.requires_support_contract
            OR (s.family = 'ON_PREMISES' AND c.program IN ('SCS', 'SCS_AZURE', 'ASFP'))
            OR NOT EXISTS (SELECT FROM support_contract_eligibility AS e
                WHERE e.contract_id = c.id AND (e.service_id = s.id OR e.family = s.family))
    """
    assert demo.rows(wrong) == []
