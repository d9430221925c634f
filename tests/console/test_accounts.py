"""The accounts page: separation of roles, and that nobody changes their own account."""

from __future__ import annotations

import pytest

from bot.desk.accounts import AccountError, check_change, check_password, lock_after, read_login
from bot.desk.staff import Role
from bot.storage import accounts
from tests.console.conftest import Running


def key_of(desk: Running, login: str) -> int:
    with desk.console.database.reading() as connection:
        found = accounts.known(connection, login)
    assert found
    return found.account.id


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
async def test_an_account_never_moves_between_working_auditing_and_administering(
    console: Running, role: Role
) -> None:
    boss = await console.enter("administrator")
    path = f"/accounts/{key_of(console, 'staff')}"
    text, _ = await boss.post(path, 400, post="岗", role=role.value, section="investment", disabled="0")
    assert "不能在" in text
    await boss.post(path, post="科长岗", role="section_head", section="equipment", disabled="0")
    with console.console.database.reading() as connection:
        found = accounts.known(connection, "staff")
    assert found
    assert (found.account.role, found.account.section) == (Role.SECTION_HEAD, "equipment")
    assert console.rows("audit_log")[-1].action == "account_changed"


async def test_nobody_changes_their_own_account(console: Running) -> None:
    boss = await console.enter("administrator")
    path = f"/accounts/{key_of(console, 'administrator')}"
    await boss.post(path, 403, post="岗", role="administrator", disabled="1")
    await boss.post(f"{path}/password", 403)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"login": "1x"}, "小写字母"),
        ({"login": "staff"}, "已经有了"),
        ({"post": ""}, "岗位名称"),
        ({"post": "字" * 41}, "岗位名称"),
        ({"section": ""}, "所在科室"),
        ({"section": "nowhere"}, "所在科室"),
        ({"role": "king"}, "没有这个角色"),
    ],
)
async def test_a_bad_account_is_refused_with_the_reason(
    console: Running, fields: dict[str, str], told: str
) -> None:
    boss = await console.enter("administrator")
    good = {"login": "good", "post": "经办岗", "role": "staff", "section": "investment"}
    text, _ = await boss.post("/accounts", 400, **{**good, **fields})
    assert told in text
    assert len(console.rows("accounts")) == len(Role)


async def test_the_office_needs_no_section_of_its_own(console: Running) -> None:
    boss = await console.enter("administrator")
    await boss.post("/accounts", 200, login="bgs", post="办公室岗", role="office", section="")
    assert console.rows("accounts")[-1].section_id == "office"


async def test_what_is_typed_is_escaped(console: Running) -> None:
    boss = await console.enter("administrator")
    evil = '"><script>alert(1)</script>'
    text, _ = await boss.post("/accounts", 200, login="evil", post=evil, role="office")
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_locks_grow_to_an_hour_and_no_further() -> None:
    assert [lock_after(n) for n in (0, 4, 5, 6, 7, 100)] == [0, 0, 30, 60, 120, 3600]


@pytest.mark.parametrize("login", ["", "ab", "1ab", "a b", "名字", "a" * 33, "Robert'); --"])
def test_a_login_has_one_form(login: str) -> None:
    with pytest.raises(AccountError):
        read_login(login)


def test_a_password_is_no_shorter_than_twelve() -> None:
    check_password("abcdef123456", "login")
    with pytest.raises(AccountError):
        check_password("abcdef12345", "login")


def test_changes_within_the_working_roles_are_fine() -> None:
    check_change(Role.STAFF, Role.OFFICE)
    with pytest.raises(AccountError):
        check_change(Role.AUDITOR, Role.OFFICE)
