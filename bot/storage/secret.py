"""The secret of the deployment: it makes pseudonyms that cannot be traced back without it."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from bot.desk.errors import StorageError

LENGTH = 64
_PURPOSE = b"fingerprint"


class Secret:
    """Makes pseudonyms and digests. The secret itself stays inside."""

    def __init__(self, secret: str) -> None:
        self._key = sha256(secret.encode()).digest()

    def pseudonym(self, channel: str, sender: str) -> str:
        """Give the name that stands for a sender everywhere but in the conversation's own row."""
        return self._digest(b"sender", channel, sender)[:32]

    def digest(self, *parts: str) -> str:
        """Give a digest by which a text can be recognised but not guessed."""
        return self._digest(b"text", *parts)

    def stamp(self, *parts: str) -> str:
        """Give a mark on these words that only this deployment can make."""
        return self._digest(b"stamp", *parts)

    @property
    def fingerprint(self) -> str:
        """Tells this secret from another without telling it."""
        return self._digest(_PURPOSE)

    def _digest(self, purpose: bytes, *parts: str) -> str:
        told = b"\0".join((purpose, *(part.encode() for part in parts)))
        return hmac.new(self._key, told, sha256).hexdigest()


def secret_of(given: str | None, folder: Path) -> Secret:
    """Give the secret that the settings hold, or else the one kept in ``folder``. Raises ``StorageError``."""
    return Secret(given) if given else read_secret(folder)


def read_secret(folder: Path, random: Callable[[int], bytes] = os.urandom) -> Secret:
    """Give the secret kept in ``folder``, made on first use. Raises ``StorageError``."""
    path = folder / "secret"
    try:
        if not path.exists():
            _make(path, random)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"{path} cannot be read or made: {error}", f"无法读取或建立保密串文件 {path}。"
        ) from error
    if len(text) < LENGTH // 2:
        raise StorageError(f"{path} holds no secret", f"保密串文件 {path} 内容不对,请从备份恢复。")
    return Secret(text)


def _make(path: Path, random: Callable[[int], bytes]) -> None:
    """Make the file whole or not at all; of several processes at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(random(LENGTH // 2).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was faster; its secret is ours
    finally:
        draft.unlink()
