"""The two ids of a support contract: short secrets, which are told to nobody and found by nobody (spec 6)."""

import pytest
from sqlalchemy import text

from tests.authz.ground import ACCESS_ID, CONTRACT_ID
from tests.bad_input.asked import ask, valid
from tests.bad_input.scene import Scene, told

READABLE = text("""
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')
""")
"""The tables that the server reads; those that it does not have numbers in place of words (docs/adr/0008)."""


async def test_AMB29_the_secret_half_of_a_contract_is_written_nowhere(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither with a retry's key, nor in logs, audit events, outbox or answers, right or wrong."""
    owner = await scene.enter("tenant_owner")
    wrong = "9988776655"
    texts = []
    for field in ("supportContractVerify", "supportContractLink"):
        for secret in (CONTRACT_ID, wrong):
            given = valid(field, scene.ground.values)
            more = {"contractId": secret, "idempotencyKey": f"{field}:{secret[:4]}"}
            texts.append((await ask(owner, field, {"input": given["input"] | more})).response.text)
    malformed = {"input": {"accessId": ACCESS_ID, "contractId": [int(wrong)]}}
    assert (await ask(owner, "supportContractVerify", malformed)).codes == ["BAD_USER_INPUT"]
    async with scene.client.session() as session:
        for table in (await session.execute(READABLE)).scalars().all():
            texts += (await session.execute(text(f'SELECT t::text FROM "{table}" t'))).scalars().all()
    logged = capsys.readouterr()
    for secret in (CONTRACT_ID, wrong):
        assert [found[:80] for found in texts if secret in found] == []
        assert secret not in logged.out + logged.err


async def test_AMB29_an_unknown_access_id_and_a_wrong_contract_id_are_answered_alike(scene: Scene) -> None:
    """The same answer and the same number of statements: an Access ID cannot be probed."""
    owner = await scene.enter("tenant_owner")
    answers, sent = [], []
    for access_id, contract_id in ((ACCESS_ID, "1"), ("9" * 10, "1"), ("9" * 10, CONTRACT_ID)):
        with scene.statements() as statements:
            answer = await ask(
                owner, "supportContractVerify", {"input": {"accessId": access_id, "contractId": contract_id}}
            )
        answers.append(answer.body)
        sent.append(list(statements))
    assert answers[0] == answers[1] == answers[2]
    assert sent[0] == sent[1] == sent[2]


@pytest.mark.parametrize(
    "access_id",
    [
        "٠٢٣٠٢٤٢٣٢٣",
        "０２３０２４２３２３",
        "230242323",
        "0230242323.0",
        "+0230242323",
        "0x0230242323",
        "0230242323' --",
        "x" * 100_000,
    ],
)
async def test_D19_no_other_digits_stand_for_an_access_id(scene: Scene, access_id: str) -> None:
    """Digits of other scripts, or without the leading zero, are another id."""
    owner = await scene.enter("tenant_owner")
    answer = await ask(owner, "supportContractVerify", {"input": {"accessId": access_id, "contractId": CONTRACT_ID}})
    assert [(code, path) for code, _, path in told(answer, "supportContractVerify")] == [("INVALID_CONTRACT_IDS", None)]
    assert access_id not in answer.response.text
