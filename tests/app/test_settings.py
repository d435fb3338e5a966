"""Settings: one frozen value, all problems at once, secrets hidden."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, example, load, names
from tests.conftest import ROOT


def test_without_any_setting_everything_has_a_default(tmp_path: Path) -> None:
    settings = load({}, root=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'tingsu.db'}"
    assert settings.redis_url == ""
    assert settings.packs == ("government", "power")
    assert not settings.has_telegram
    assert not settings.has_wechat


def test_all_problems_are_told_together_each_with_its_cure(tmp_path: Path) -> None:
    given = {
        "TINGSU_PORT": "eighty",
        "TINGSU_TELEGRM_TOKEN": "1",
        "TINGSU_TIMEZONE": "Asia/Shangai",
        "TINGSU_PACKS": "power,No Such/Pack",
        "TINGSU_WECHAT_AES_KEY": "short",
    }
    with pytest.raises(SettingsError) as refused:
        load(given, root=tmp_path)
    told = "\n".join(refused.value.problems)
    assert len(refused.value.problems) == len(given)
    for hint in (
        "1 to 65535",
        "TINGSU_TELEGRAM_TOKEN?",
        "Asia/Shanghai?",
        "government, power",
        "43 characters",
    ):
        assert hint in told


def test_settings_that_need_one_another_say_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"TINGSU_WECHAT_APP_ID": "wx1"}, root=tmp_path)
    assert "TINGSU_WECHAT_APP_SECRET is missing" in str(refused.value)
    assert "TINGSU_WECHAT_TOKEN is missing" in str(refused.value)
    with pytest.raises(SettingsError, match="MEDIA_STORE is missing"):
        load({"TINGSU_MEDIA_S3_ENDPOINT": "https://s3.example.org"}, root=tmp_path)
    with pytest.raises(SettingsError, match="MEDIA_S3_SECRET belong together"):
        load({"TINGSU_MEDIA_STORE": "s3://files", "TINGSU_MEDIA_S3_KEY_ID": "k"}, root=tmp_path)
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        load(
            {"TINGSU_TELEGRAM_TOKEN": "12345:abcdefghijkl", "TINGSU_TELEGRAM_MODE": "webhook"}, root=tmp_path
        )


def test_secrets_show_neither_in_repr_nor_in_an_error(tmp_path: Path) -> None:
    settings = load({"TINGSU_TELEGRAM_TOKEN": "12345:very-secret-token"}, root=tmp_path)
    assert "very-secret" not in repr(settings)
    with pytest.raises(SettingsError) as refused:
        load({"TINGSU_TELEGRAM_TOKEN": "very-secret-nonsense"}, root=tmp_path)
    assert "very-secret" not in str(refused.value)
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


def test_a_secret_can_come_from_a_file_and_the_environment_wins_over_dotenv(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("12345:from-a-file-token\n")
    (tmp_path / ".env").write_text(f"TINGSU_TELEGRAM_TOKEN_FILE={tmp_path / 'token'}\nTINGSU_PORT=9000\n")
    settings = load({"TINGSU_PORT": "9001"}, root=tmp_path)
    assert settings.telegram_token == "12345:from-a-file-token"
    assert settings.port == 9001


def test_a_missing_file_and_a_setting_given_twice_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        load({"TINGSU_WECHAT_TOKEN_FILE": str(tmp_path / "none")}, root=tmp_path)
    with pytest.raises(SettingsError, match="both set"):
        load({"TINGSU_WECHAT_TOKEN_FILE": "x", "TINGSU_WECHAT_TOKEN": "y"}, root=tmp_path)


def test_the_example_file_lists_exactly_the_settings_of_the_code() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()
    for name in names():
        assert f"#{name}=" in example()


def test_every_secret_is_marked_so() -> None:
    hidden = {f.name for f in fields(Settings) if not f.repr}
    secret_words = ("token", "secret", "key", "_url")
    for name in (f.name for f in fields(Settings)):
        if any(name.endswith(word) for word in secret_words) and name != "public_url":
            assert name in hidden, name


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("TINGSU_MEDIA_MAX_MB", "0", "from 1 to 200"),
        ("TINGSU_MEDIA_SCANNER", "clamav", "clamd:///path"),
        ("TINGSU_WECHAT_NOTICE_FIELDS", "thing1", "use JSON"),
        ("TINGSU_WECHAT_NOTICE_FIELDS", '{"thing1": 5}', "use JSON"),
    ],
)
def test_settings_of_files_and_notices_name_their_cure(
    tmp_path: Path, name: str, value: str, cure: str
) -> None:
    with pytest.raises(SettingsError, match=cure):
        load({name: value}, root=tmp_path)


def test_the_fields_of_a_notice_are_read_as_json(tmp_path: Path) -> None:
    given = {"TINGSU_WECHAT_NOTICE_FIELDS": '{"thing1": "{organisation}"}'}
    assert load(given, root=tmp_path).wechat_notice_fields == {"thing1": "{organisation}"}


@pytest.mark.parametrize("name", ["TINGSU_OIDC_CLIENT_ID", "TINGSU_EMERGENCY_LOGIN"])
def test_a_sign_on_without_its_provider_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TINGSU_OIDC_ISSUER is missing"):
        load({name: "desk"}, root=tmp_path)
    with pytest.raises(SettingsError, match="TINGSU_OIDC_CLIENT_ID is missing"):
        load({"TINGSU_OIDC_ISSUER": "https://login.example.org"}, root=tmp_path)
