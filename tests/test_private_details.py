"""Details of private persons are recognised; those of roles and places pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.estate.liaison.private_details import (
    PRIVATE_MAIL,
    ROLE_WORDS,
    is_email,
    is_phone,
    private_detail,
)

PLACES = frozenset({"earth", "sciences", "st", "annes", "wadham"})


@pytest.mark.parametrize(
    "text",
    [
        "someone@gmail.com", "SOMEONE@GMAIL.COM", "porters@hotmail.co.uk", "a@yahoo.fr",
        "lodge@mail.btinternet.com", "write to lodge@icloud.com or call",
    ],
)  # fmt: skip
def test_private_mail(text: str) -> None:
    assert "private e-mail address" in private_detail(text, PLACES)


@pytest.mark.parametrize(
    "text",
    [
        "jane.doe@example.ac.uk", "Jane_Doe@example.ac.uk", "j.doe@example.ac.uk",
        "jane-doe@example.ac.uk", "jane.doe2@example.ac.uk", "jane.b.doe@example.ac.uk",
        "jane.wadham@example.ac.uk", "Head Porter (jane.doe@example.ac.uk)",
    ],
)  # fmt: skip
def test_addresses_of_persons(text: str) -> None:
    assert "a person's e-mail address" in private_detail(text, PLACES)


@pytest.mark.parametrize(
    "text",
    [
        "07700900123", "07700 900 123", "+44 7700 900123", "0044 7700 900123", "+44 (0)7700 900123",
        "07700-900-123", "desk 01865 270000, else 07700 900123",
    ],
)  # fmt: skip
def test_mobile_telephones(text: str) -> None:
    assert "mobile telephone number; give the role's own" in private_detail(text, PLACES)


@pytest.mark.parametrize(
    "text",
    [
        "", "Head Porter", "porters@example.ac.uk", "head.porter@example.ac.uk",
        "slo-chemistry@example.ac.uk", "earth.sciences@example.ac.uk", "st.annes@example.ac.uk",
        "lodge.2@example.ac.uk", "building7@example.ac.uk", "01865 270000", "+44 1865 270000",
        "ext 72944", "0207 946 0123", "1077009001234", "2025-07-07",
    ],
)  # fmt: skip
def test_details_of_roles_pass(text: str) -> None:
    assert private_detail(text, PLACES) == ""


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(private_detail(text, PLACES), str)


@given(
    st.from_regex(r"[a-z]{2,10}", fullmatch=True), st.sampled_from(sorted(PRIVATE_MAIL)),
    st.sampled_from(["com", "co.uk", "net"]),
)  # fmt: skip
def test_every_private_provider_is_known(name: str, provider: str, ending: str) -> None:
    assert private_detail(f"{name}@{provider}.{ending}")


@given(
    st.from_regex(r"[a-z]{2,10}", fullmatch=True), st.sampled_from(sorted(ROLE_WORDS)),
    st.sampled_from(".-_"),
)  # fmt: skip
def test_a_role_in_an_address_is_no_person(name: str, role: str, mark: str) -> None:
    assert private_detail(f"{name}{mark}{role}@example.ac.uk") == ""


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9), st.sampled_from(["0", "+44", "0044"]))
def test_every_uk_mobile_is_known(digits: list[int], prefix: str) -> None:
    assert private_detail(prefix + "7" + "".join(map(str, digits)))


def test_forms() -> None:
    assert is_email("porters@example.ac.uk")
    assert not any(map(is_email, ["porters", "a@b", "a b@c.d", "a@b.c, d@e.f", "@b.c", "a@.c"]))
    assert all(
        map(is_phone, ["01865 270000", "+44 1865 270000", "72944", "ext 72944", "01865 270000 x12"])
    )
    assert not any(map(is_phone, ["ask the lodge", "12", "call 01865 270000", ""]))
