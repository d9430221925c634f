"""Settings of the official accounts: WeChat and Yixin, each with its secrets, and their common patience."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import forms
from bot.settings.variable import setting

_TOKEN = ("3 to 32 letters and digits", " 3 至 32 个字母或数字")
_NAME = ("letters, digits, - and _", "字母、数字、- 和 _")
_URL = ("an http:// or https:// address", "以 http:// 或 https:// 开头的地址")
_AES_KEY = ("43 letters and digits, as the console shows it", "平台后台显示的 43 个字母或数字")


@dataclass(frozen=True)
class OfficialAccounts:
    """The accounts. What a channel cannot do without is asked for when it is switched on."""

    wechat_mode: str = setting(
        "BOT_WECHAT_MODE",
        "secure",
        forms.one_of("plain", "compatible", "secure"),
        ("plain, compatible or secure", " plain(明文)、compatible(兼容)或 secure(安全)"),
        ("how the platform protects its pushes", "微信公众号消息加解密方式"),
    )
    wechat_token: str = setting(
        "BOT_WECHAT_TOKEN",
        "",
        forms.token,
        _TOKEN,
        ("token of the WeChat account", "微信公众号令牌"),
        secret=True,
    )
    wechat_app_id: str = setting(
        "BOT_WECHAT_APP_ID", "", forms.identifier, _NAME, ("AppID of the WeChat account", "微信公众号 AppID")
    )
    wechat_app_secret: str = setting(
        "BOT_WECHAT_APP_SECRET",
        "",
        forms.identifier,
        _NAME,
        (
            "AppSecret; without one answers go out only within the platform's request",
            "微信公众号 AppSecret;不填则只能在五秒内被动回复",
        ),
        secret=True,
    )
    wechat_aes_key: str = setting(
        "BOT_WECHAT_AES_KEY",
        "",
        forms.aes_key,
        _AES_KEY,
        ("EncodingAESKey, for compatible and secure mode", "微信公众号 EncodingAESKey(兼容、安全模式必填)"),
        secret=True,
    )
    wechat_old_aes_key: str = setting(
        "BOT_WECHAT_OLD_AES_KEY",
        "",
        forms.aes_key,
        _AES_KEY,
        ("the EncodingAESKey before, while it is being replaced", "更换密钥期间仍接受的旧 EncodingAESKey"),
        secret=True,
    )
    wechat_api: str = setting(
        "BOT_WECHAT_API",
        "https://api.weixin.qq.com",
        forms.url,
        _URL,
        ("base address of WeChat's API", "微信接口地址"),
    )
    yixin_token: str = setting(
        "BOT_YIXIN_TOKEN",
        "",
        forms.token,
        _TOKEN,
        ("token of the Yixin account", "易信公众号令牌"),
        secret=True,
    )
    yixin_app_id: str = setting(
        "BOT_YIXIN_APP_ID", "", forms.identifier, _NAME, ("AppID of the Yixin account", "易信公众号 AppID")
    )
    yixin_app_secret: str = setting(
        "BOT_YIXIN_APP_SECRET",
        "",
        forms.identifier,
        _NAME,
        ("AppSecret of the Yixin account", "易信公众号 AppSecret;不填则只能被动回复"),
        secret=True,
    )
    yixin_api: str = setting(
        "BOT_YIXIN_API",
        "https://api.yixin.im",
        forms.url,
        _URL,
        ("base address of Yixin's API", "易信接口地址"),
    )
    public_url: str = setting(
        "BOT_PUBLIC_URL",
        "",
        forms.maybe_url,
        _URL,
        (
            "where enquirers reach the gateway; with it the rest of a long answer is a link",
            "对外网址;填了以后,太长的答复以链接给出其余部分",
        ),
    )
    keep_pictures: bool = setting(
        "BOT_KEEP_PICTURES",
        "1",
        forms.flag,
        ("1 or 0", " 1 或 0"),
        (
            "fetch pictures that users send, for staff; they are deleted with what was typed",
            "保存对方发来的图片供工作人员查看(与原文同期删除)",
        ),
    )
    passive_seconds: float = setting(
        "BOT_PASSIVE_SECONDS",
        "4",
        forms.seconds(0, 4.8),
        ("seconds from 0 to 4.8", " 0 至 4.8 之间的秒数"),
        (
            "how long a push waits for its answer before it is acknowledged without",
            "公众号消息等待答复、以便在同一请求中回复的秒数",
        ),
    )
    quick_seconds: float = setting(
        "BOT_QUICK_SECONDS",
        "0.5",
        forms.seconds(0, 4.8),
        ("seconds from 0 to 4.8", " 0 至 4.8 之间的秒数"),
        (
            "the same in a rush: while many messages wait at once, or answers come too late",
            "繁忙时(同时等待的消息多,或答复总是来不及)改为最多等待的秒数",
        ),
    )
