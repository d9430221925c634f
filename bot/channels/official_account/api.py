"""The platform's API as the channel needs it: each call with a token that holds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot.channels.base import Notes
from bot.channels.official_account.calls import ApiError, Calls, Unreachable
from bot.channels.official_account.options import Account
from bot.channels.official_account.tokens import Tokens
from bot.channels.official_account.verdicts import Verdict, verdict

log = logging.getLogger(__name__)


class Api:
    """One account's API. Every method raises ``ApiError``, ``Unreachable`` and ``StorageError``."""

    def __init__(
        self, account: Account, calls: Calls, notes: Notes, owner: str, clock: Callable[[], float]
    ) -> None:
        self._account = account
        self._calls = calls
        self._tokens = Tokens(notes, self._fetch, owner, clock)

    async def send_text(self, to: str, text: str) -> None:
        """Send a customer-service message."""
        await self._post("message/custom/send", {"touser": to, "msgtype": "text", "text": {"content": text}})

    async def send_menu(self, to: str, head: str, choices: tuple[str, ...]) -> None:
        """Send choices to tap; a tap comes back as a text."""
        listed = [{"id": str(101 + number), "content": choice} for number, choice in enumerate(choices)]
        body = {"head_content": head, "list": listed, "tail_content": ""}
        await self._post("message/custom/send", {"touser": to, "msgtype": "msgmenu", "msgmenu": body})

    async def typing(self, to: str) -> None:
        """Show that an answer is being written."""
        await self._post("message/custom/typing", {"touser": to, "command": "Typing"})

    async def notice(self, to: str, template: str, page: str | None, data: dict[str, str]) -> None:
        """Send a subscribe message."""
        told = {name: {"value": text} for name, text in data.items()}
        body: dict[str, Any] = {"touser": to, "template_id": template, "data": told}
        await self._post("message/subscribe/bizsend", {**body, "page": page} if page else body)

    async def media(self, name: str, limit: int) -> bytes | None:
        """Fetch what a user has sent; ``None``: it is larger than ``limit`` bytes."""
        token = await self._tokens.get()
        try:
            return await self._calls.fetch("/cgi-bin/media/get", limit, access_token=token, media_id=name)
        except ApiError as error:
            if verdict(error.code) is not Verdict.TOKEN:
                raise
            token = await self._tokens.get(failed=token)
            return await self._calls.fetch("/cgi-bin/media/get", limit, access_token=token, media_id=name)

    async def put_menu(self, menu: dict[str, Any]) -> None:
        """Replace the account's menu."""
        await self._post("menu/create", menu)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._calls.close()

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        token = await self._tokens.get()
        try:
            await self._calls.post(f"/cgi-bin/{path}", body, access_token=token)
        except ApiError as error:
            if verdict(error.code) is not Verdict.TOKEN:
                raise
            token = await self._tokens.get(failed=token)
            await self._again(path, body, token)

    async def _again(self, path: str, body: dict[str, Any], token: str) -> None:
        try:
            await self._calls.post(f"/cgi-bin/{path}", body, access_token=token)
        except ApiError as error:
            if verdict(error.code) is Verdict.TOKEN:
                log.error("%s: a fresh access token is not taken either", self._account.dialect.name)
            raise

    async def _fetch(self, force: bool) -> tuple[str, float]:
        account = self._account
        named = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
        if account.dialect.stable_token:
            answer = await self._calls.post("/cgi-bin/stable_token", {**named, "force_refresh": force})
        else:
            answer = await self._calls.get("/cgi-bin/token", **named)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, (int, float)):
            raise Unreachable("an answer without a token", arrived=False)
        return token, float(seconds)
