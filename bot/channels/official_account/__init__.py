"""Official accounts: WeChat in plain, compatible and secure mode, and Yixin in the plain mode of 2013."""

from bot.channels.official_account.channel import OfficialAccount
from bot.channels.official_account.options import WECHAT, YIXIN, Account, Dialect, Face, Mode, Patience
from bot.channels.official_account.texts import Texts, read_texts

__all__ = [
    "WECHAT",
    "YIXIN",
    "Account",
    "Dialect",
    "Face",
    "Mode",
    "OfficialAccount",
    "Patience",
    "Texts",
    "read_texts",
]
