"""Text that means more to a database or a mail server than to people."""

import pytest

from tests.bad_input.asked import ask, valid
from tests.bad_input.scene import Scene, told


@pytest.mark.parametrize("search", ["%", "_", "\\", "%%%", "a%", "A_der", "'", "*", ".*", "(", "%' OR '1'='1"])
async def test_B43_no_character_of_a_search_is_a_wildcard(scene: Scene, search: str) -> None:
    who = await scene.enter("partner_admin")
    for name in ("customers", "services", "tickets"):
        answer = await who.query(f"query ($s: String) {{ {name}(first: 5, search: $s) {{ totalCount }} }}", s=search)
        assert answer.data[name] == {"totalCount": 0}, name


async def test_51_recipients_are_too_many_and_50_are_not(scene: Scene) -> None:
    who, before = await scene.enter("tenant_owner"), await scene.rows()
    given = valid("ticketCreate", scene.ground.values)
    people = [f"person{number}@alder.example" for number in range(51)]
    for listed in (people, [", ".join(people)], ["; ".join(people[:25]), *people[25:]]):
        answer = await ask(who, "ticketCreate", {"input": given["input"] | {"additionalRecipients": listed}})
        message = "There are 51 recipients; at most 50 are allowed."
        assert told(answer, "ticketCreate") == [("LIMIT_EXCEEDED", message, ["additionalRecipients"])]
    assert await scene.rows() == before
    many = {"additionalRecipients": [*people[:50], people[0].upper()]}
    assert told(await ask(who, "ticketCreate", {"input": given["input"] | many}), "ticketCreate") == []
