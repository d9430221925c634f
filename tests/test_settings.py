"""Tests of bot.settings: defaults, every form, and errors that name the variable in both languages."""

from __future__ import annotations

from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.desk.errors import SettingsError
from bot.settings import GROUPS, VARIABLES, Settings, read_settings, unknown_variables


def test_an_empty_environment_gives_a_local_try_out() -> None:
    settings = read_settings({})
    assert settings.host == "127.0.0.1"
    assert settings.database_url == f"sqlite:///{Path.cwd()}/var/desk.db"
    assert settings.brains == ("http://127.0.0.1:5105",)
    assert settings.api_key is None
    assert not settings.rest_loopback
    assert not settings.allow_samples


def test_every_field_has_one_variable_in_one_group() -> None:
    assert sorted(f.name for f in fields(Settings)) == sorted(VARIABLES)
    assert sum(len(fields(group)) for group in GROUPS) == len(VARIABLES)
    assert len({v.name for v in VARIABLES.values()}) == len(VARIABLES)


def test_a_blank_value_is_the_default() -> None:
    assert read_settings({"BOT_PORT": "  "}).port == read_settings({}).port


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_PORT", "abc"),
        ("BOT_PORT", "70000"),
        ("BOT_BRAINS", "0"),
        ("BOT_BRAINS", "ftp://x"),
        ("BOT_BRAINS", "http://a:1,http://a:1/"),
        ("BOT_BRAIN_BUDGET", "nan"),
        ("BOT_BRAIN_BUDGET", "-1"),
        ("BOT_API_KEY", "short"),
        ("BOT_API_KEY", "中文密钥中文密钥中文密钥中文密钥"),
        ("BOT_SECRET", "short"),
        ("BOT_REST_LOOPBACK", "maybe"),
        ("BOT_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("BOT_ALLOWED_ORIGINS", "www.fy.gov.cn"),
        ("BOT_ALLOWED_ORIGINS", "https://www.fy.gov.cn/path"),
        ("BOT_CHANNELS", ","),
        ("BOT_CHANNELS", "../rest"),
        ("BOT_LOG_LEVEL", "loud"),
        ("BOT_WECHAT_MODE", "clear"),
        ("BOT_WECHAT_TOKEN", "ab"),
        ("BOT_WECHAT_TOKEN", "with space"),
        ("BOT_WECHAT_APP_ID", "wx/1"),
        ("BOT_WECHAT_AES_KEY", "short"),
        ("BOT_WECHAT_API", "api.weixin.qq.com"),
        ("BOT_WECHAT_API", "https://x?y=1"),
        ("BOT_PASSIVE_SECONDS", "5"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "desk.db"),
        ("DATABASE_URL", "sqlite:///:memory:"),
    ],
)
def test_a_wrong_value_is_refused_by_name_in_both_languages(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    variable = next(v for v in VARIABLES.values() if v.name == name)
    assert str(caught.value) == f"{name} must be {variable.form}"
    assert name in caught.value.for_reader
    assert variable.form_zh in caught.value.for_reader


def test_all_wrong_values_are_told_at_once_and_never_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"BOT_PORT": "abc", "DATABASE_URL": "mysql://user:hunter2@host/x"})
    assert "BOT_PORT" in caught.value.for_reader
    assert "DATABASE_URL" in caught.value.for_reader
    assert "hunter2" not in str(caught.value) + caught.value.for_reader


def test_secrets_stay_out_of_the_representation() -> None:
    settings = read_settings(
        {
            "BOT_API_KEY": "k" * 16,
            "BOT_SECRET": "s" * 32,
            "DATABASE_URL": "postgresql://u:pw1234@h/d",
            "BOT_WECHAT_TOKEN": "tttt1",
            "BOT_WECHAT_APP_SECRET": "aaaa1",
            "BOT_WECHAT_AES_KEY": "e" * 43,
        }
    )
    shown = repr(settings)
    assert "kkkk" not in shown
    assert "ssss" not in shown
    assert "pw1234" not in shown
    assert not any(secret in shown for secret in ("tttt1", "aaaa1", "eeee"))


def test_lists_addresses_and_counts_are_read() -> None:
    settings = read_settings(
        {
            "BOT_BRAINS": "http://127.0.0.1:9000/, unix:///run/brain.sock",
            "BOT_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "BOT_ALLOWED_ORIGINS": "https://WWW.fy.gov.cn",
            "DATABASE_URL": "postgres://u@h/d",
            "BOT_REST_LOOPBACK": "Yes",
        }
    )
    assert settings.brains == ("http://127.0.0.1:9000", "unix:///run/brain.sock")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.allowed_origins == ("https://www.fy.gov.cn",)
    assert settings.database_url == "postgresql+psycopg2://u@h/d"
    assert settings.rest_loopback
    assert read_settings({"BOT_BRAINS": "2", "BOT_BRAIN_PORT": "6000"}).brains == (
        "http://127.0.0.1:6000",
        "http://127.0.0.1:6001",
    )


def test_a_misspelt_variable_is_noticed() -> None:
    assert unknown_variables({"BOT_APIKEY": "x", "BOT_PORT": "1", "PATH": "/bin"}) == ("BOT_APIKEY",)
