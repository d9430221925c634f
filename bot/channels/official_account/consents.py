"""Which users have agreed to be told by subscribe messages: once for each consent, or for good."""

from __future__ import annotations

from bot.channels.base import Notes
from bot.channels.official_account.texts import Notice

KEPT = 365 * 86400.0
QUIET = 86400.0  # one notice a day is enough, however many answers wait


class Consents:
    """Consents, kept as notes about the user: they go when the user goes. Raises ``StorageError``."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def answer(self, user: str, template: str, accepted: bool) -> None:
        """Note what a user has said."""
        if not accepted:
            await self.withdraw(user, template)
            return
        left = int(await self._notes.get(_name(template), user) or 0)
        await self._notes.put(_name(template), str(left + 1), KEPT, user)

    async def use(self, user: str, notice: Notice) -> bool:
        """Take one consent for a notice now; ``False`` when there is none, or they were told today."""
        left = int(await self._notes.get(_name(notice.template), user) or 0)
        if not left or await self._notes.get("noticed", user):
            return False
        await self._notes.put("noticed", "1", QUIET, user)
        if not notice.long_term:
            await self._notes.put(_name(notice.template), str(left - 1), KEPT, user)
        return True

    async def give_back(self, user: str, notice: Notice) -> None:
        """The notice was not sent: the consent stands, and the user was not told today."""
        left = int(await self._notes.get(_name(notice.template), user) or 0)
        if not notice.long_term:
            await self._notes.put(_name(notice.template), str(left + 1), KEPT, user)
        await self._notes.drop("noticed", user)

    async def withdraw(self, user: str, template: str) -> None:
        """Send this user no more notices."""
        await self._notes.drop(_name(template), user)


def _name(template: str) -> str:
    return f"consent:{template}"[:128]
