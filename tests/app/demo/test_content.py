"""What the demo shows: the same at every load, with everybody who is named."""

from decimal import Decimal
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.demo.accounts import ACCESS_ID, ACCOUNTS, CONTRACT_ID, PASSWORD
from domain.entitlements.secrets import ContractSecrets
from tests.support.demo import KEY, Demo
from tests.support.postgres import Server, migrated_database

pytestmark = pytest.mark.thorough


def test_two_loads_at_the_same_instant_give_the_same_rows(demo: Demo, server: Server, tmp_path: Path) -> None:
    with migrated_database(server, "demo-again") as database:
        again = Demo(database, tmp_path)
        again.load()
        assert again.fingerprints() == demo.fingerprints()


def test_it_is_loaded_once(demo: Demo) -> None:
    before = demo.fingerprints()

    assert demo.load().rows == 0
    assert demo.fingerprints() == before


def test_the_partners_have_their_customers(demo: Demo) -> None:
    counted = """
        SELECT p.name, p.partner_type, count(*) FROM management_relationship AS r
        JOIN tenant AS p ON p.id = r.tenant_id GROUP BY p.name, p.partner_type ORDER BY p.name
    """
    assert demo.rows(counted) == [
        ("Borealis Distribution", "INDIRECT_PROVIDER", 40),
        ("Meridian IT", "DIRECT", 250),
        ("Quayside Resellers", "INDIRECT_RESELLER", 40),
    ]


@pytest.mark.parametrize(("table", "average"), [("service_subscription", 4), ("ticket", 30), ("entitlement", 2)])
def test_customers_have_so_many_on_average(demo: Demo, table: str, average: int) -> None:
    of_customers = (
        f"SELECT count(*) FROM {table} AS x JOIN management_relationship AS r ON r.customer_tenant_id = x.tenant_id"
    )

    assert demo.value(of_customers) / 330 == pytest.approx(average, rel=0.1)


def test_every_account_is_there_with_the_password(demo: Demo) -> None:
    found = dict(demo.rows("SELECT email, password_hash FROM user_account WHERE status = 'ACTIVE'"))

    assert {account.email for account in ACCOUNTS} <= found.keys()
    assert len(set(found.values())) == 1
    assert PasswordHasher().verify(found["agent@northstar.example"], PASSWORD)


def test_every_customer_has_an_owner_and_a_standard_user(demo: Demo) -> None:
    without = """
        SELECT t.name FROM tenant AS t CROSS JOIN (VALUES ('TENANT_OWNER'), ('STANDARD_USER')) AS wanted (role)
        WHERE t.kind = 'CUSTOMER' AND NOT EXISTS (
            SELECT FROM membership AS m WHERE m.tenant_id = t.id AND m.role = wanted.role AND m.status = 'ACTIVE')
    """
    assert demo.rows(without) == []


def test_addresses_are_of_nobody(demo: Demo) -> None:
    assert demo.value("SELECT count(*) FROM user_account WHERE email NOT LIKE '%.example'") == 0


def test_the_named_customers_stand_as_they_should(demo: Demo) -> None:
    standing = """
        SELECT t.name, t.environment, p.name, r.mode FROM tenant AS t
        LEFT JOIN management_relationship AS r ON r.customer_tenant_id = t.id
        LEFT JOIN tenant AS p ON p.id = r.tenant_id
        WHERE t.name IN ('Alder & Finch', 'Tarn Valley Clinic', 'Solstice Foods', 'Lone Pine Labs') ORDER BY t.name
    """
    assert demo.rows(standing) == [
        ("Alder & Finch", "COMMERCIAL", "Meridian IT", "PARTNER"),
        ("Lone Pine Labs", "COMMERCIAL", None, None),
        ("Solstice Foods", "COMMERCIAL", "Meridian IT", "CUSTOMER"),
        ("Tarn Valley Clinic", "US_GOVERNMENT", None, None),
    ]


def test_A2_the_application_administrator_has_one_service(demo: Demo) -> None:
    scope = """
        SELECT s.key FROM membership_service_scope AS x JOIN service AS s ON s.id = x.service_id
        JOIN membership AS m ON m.id = x.membership_id JOIN user_account AS u ON u.id = m.user_id
        WHERE u.email = 'apps@alder.example'
    """
    assert demo.rows(scope) == [("cloud-backup-m365",)]


def test_A22_the_temporary_account_is_offered_at_alder(demo: Demo) -> None:
    offered = """
        SELECT t.hidden_options, s.temporary_support_accounts_allowed FROM tenant AS t
        JOIN tenant_security_settings AS s ON s.tenant_id = t.id WHERE t.slug = 'alder'
    """
    assert demo.rows(offered) == [([], True)]


def test_D4_the_printed_pair_of_ids_names_an_unlinked_contract_with_incidents(demo: Demo) -> None:
    found = f"""
        SELECT c.contract_id_hash, c.contract_id_encrypted, c.linked_tenant_ids, t.slug, e.available
        FROM support_contract AS c JOIN entitlement AS e ON e.contract_id = c.id JOIN tenant AS t ON t.id = c.tenant_id
        WHERE c.access_id = '{ACCESS_ID}'
    """
    secrets = ContractSecrets(KEY)
    [(hashed, encrypted, linked, slug, available)] = demo.rows(found)

    assert (linked, slug, available) == ([], "alder", Decimal(20))
    assert secrets.matches(CONTRACT_ID, hashed)
    assert secrets.decrypt(encrypted) == CONTRACT_ID
