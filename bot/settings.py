"""The settings from the environment and ``.env``; ``.env.example`` is made from their descriptions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import DigestbotError

_PREFIX = "DIGESTBOT_"


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _absolute(folder: Path) -> Path:
    try:
        return folder.expanduser().absolute()
    except RuntimeError:
        raise ValueError(f"nobody here is called {folder.parts[0]}") from None


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("it should begin with http:// or https://")
    return value


class Settings(BaseSettings):
    """The settings: from the caller first, then from the environment, then from ``.env`` in the current folder."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    data_dir: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=lambda: user_data_path("digestbot", appauthor=False),
        description="Folder that holds the corpus and its index; left out: the platform's user data folder.",
    )
    model: str = Field(
        default="all-MiniLM-L6-v2",
        description="Embedding model: the bundled one, or any sentence-transformers model by name or folder.",
    )
    small: bool = Field(
        default=False,
        description="Eight bits for the model's weights, true or false: less memory and time, and answers that "
        "are hardly worse. A change embeds the corpus again.",
    )
    private_addresses: bool = Field(
        default=False,
        description="Whether pages may be fetched from addresses that are not public (this machine, its network), "
        "true or false.",
    )
    user_burst: int = Field(
        default=5, ge=1, le=10_000, description="Questions that a user of the Discord bot may ask at once."
    )
    user_per_minute: float = Field(
        default=10, gt=0, le=10_000, description="Questions a minute that a user may ask after those."
    )
    server_burst: int = Field(
        default=300, ge=1, le=100_000, description="Questions that may come from a Discord server at once."
    )
    server_per_minute: float = Field(
        default=60, gt=0, le=100_000, description="Questions a minute that may come from a server after those."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"] | None, BeforeValidator(_lower)] = Field(
        default=None,
        description="Least level that is logged: debug, info, warning, error; left out: info for the Discord bot, "
        "else warning.",
    )
    discord_token: SecretStr | None = Field(
        default=None,
        validation_alias="DISCORD_TOKEN",
        description="Token of the Discord bot, from the developer portal; only `digestbot run` needs it.",
    )
    shards: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Connections of the Discord bot, each for a share of its servers; left out: as many as "
        "Discord wants.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of this machine alone on which the Discord bot tells how it is: /metrics for "
        "Prometheus, /healthz; left out: none.",
    )
    discord_api_url: Annotated[str, AfterValidator(_web_address)] | None = Field(
        default=None,
        validation_alias="DISCORD_API_URL",
        description="Base of Discord's REST calls; left out: Discord's own.",
    )

    @classmethod
    def load(cls, data_dir: Path | str | None = None) -> Self:
        """Read the settings, with ``data_dir`` before everything else if given.

        Raises:
            DigestbotError: a setting has a value that it cannot have, or ``.env`` cannot be read.
        """
        try:
            return cls() if data_dir is None else cls(data_dir=Path(data_dir))
        except ValidationError as error:
            raise DigestbotError(_first_problem(error)) from None
        except UnicodeDecodeError:
            raise DigestbotError("the settings file .env is not UTF-8 text: save it as UTF-8") from None
        except OSError as error:
            raise DigestbotError(f"the settings file .env cannot be read: {error.strerror}") from None


def env_example() -> str:
    """The text of ``.env.example``: every setting with its description, its default commented out."""
    lines = ["# Settings of digestbot: copy this file to .env, or set them in the environment.\n"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else str(field.default)
        lines += [f"\n# {field.description}\n", f"#{_variable(name)}={default}\n"]
    return "".join(lines)


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else _PREFIX + name.upper()


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0])
    variable = _variable(name) if name in Settings.model_fields else name
    # The value of a secret never reaches the terminal.
    value = "" if "TOKEN" in variable else f", not {problem['input']!r}"
    message = problem["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"the setting {variable} is wrong: {message}{value}"


if __name__ == "__main__":
    sys.stdout.write(env_example())
