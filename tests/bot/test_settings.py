"""What the settings take from the environment and from .env, and what they say when something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, env_example
from corpus.errors import DigestbotError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "MODEL", "LOG_LEVEL"):
        monkeypatch.delenv(f"DIGESTBOT_{name}", raising=False)
    for name in ("DISCORD_TOKEN", "DISCORD_API_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_the_bundled_model_and_the_user_data_folder_are_used():
    settings = Settings.load()
    assert settings.model == "all-MiniLM-L6-v2"
    assert settings.data_dir.name == "digestbot"
    assert settings.discord_token is None


def test_the_caller_comes_before_the_environment_and_the_environment_before_the_file(monkeypatch, tmp_path):
    Path(".env").write_text("DIGESTBOT_MODEL=from-file\nDIGESTBOT_DATA_DIR=from-file\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("DIGESTBOT_DATA_DIR", "from-environment")
    assert Settings.load().model == "from-file"
    assert Settings.load().data_dir == tmp_path / "from-environment"
    assert Settings.load("named").data_dir == tmp_path / "named"


def test_an_empty_setting_counts_as_left_out(monkeypatch):
    monkeypatch.setenv("DIGESTBOT_MODEL", "")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    settings = Settings.load()
    assert settings.model == "all-MiniLM-L6-v2"
    assert settings.discord_token is None


def test_the_home_folder_is_understood(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert Settings.load("~/corpus").data_dir == tmp_path / "corpus"


def test_a_token_is_not_shown(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    settings = Settings.load()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "very-secret"
    assert "very-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [
        ("DIGESTBOT_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error', not 'loud'"),
        ("DIGESTBOT_DATA_DIR", "~nobody-of-that-name/corpus", "nobody here is called ~nobody-of-that-name"),
        ("DISCORD_API_URL", "discord.com", "should begin with http:// or https://, not 'discord.com'"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(monkeypatch, variable, value, part):
    monkeypatch.setenv(variable, value)
    with pytest.raises(DigestbotError) as caught:
        Settings.load()
    assert str(caught.value).startswith(f"the setting {variable} is wrong: ")
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_settings_file_in_another_encoding_is_named():
    Path(".env").write_bytes("DIGESTBOT_MODEL=größer\n".encode("latin-1"))
    with pytest.raises(DigestbotError, match=r"\.env is not UTF-8"):
        Settings.load()


def test_the_example_file_names_every_setting_and_is_current():
    made = subprocess.run(
        [sys.executable, "-m", "bot.settings"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert made == env_example()
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == made, (
        "run: python -m bot.settings > .env.example"
    )
    for variable in ("DIGESTBOT_DATA_DIR", "DIGESTBOT_MODEL", "DIGESTBOT_LOG_LEVEL", "DISCORD_TOKEN"):
        assert f"\n#{variable}=" in made


def test_the_example_file_as_it_stands_changes_nothing():
    before = Settings.load()
    Path(".env").write_text(env_example().replace("\n#D", "\nD"), encoding="utf-8")
    assert Settings.load() == before
