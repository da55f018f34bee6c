"""Settings of the process: flags > environment (METRICLOOP_*) > metricloop.toml > defaults.

What a project means (metrics, people, rules) is never here but in its files and the store.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from metricloop.cli.words import spoken
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.secrets import remember_parts

PREFIX = "METRICLOOP_"
FILE = Path("metricloop.toml")
HOME = Path(".metricloop")


class Settings(BaseSettings):
    """Everything about how metricloop runs here, and nothing about what it watches."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, toml_file=FILE)

    project: Path = Field(default=Path(), description="Folder of the project's YAML files.")
    database: str = Field(
        default=f"{HOME}/state.db",
        min_length=1,
        description="Where all state is kept: a file, sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to serve; 0.0.0.0 is every one.")
    port: int = Field(default=8321, ge=1, le=65535, description="Port to serve.")
    url: str = Field(
        default="",
        pattern=r"^$|^https?://[^/]+$",
        description="How people reach the server, for links in notifications; by default from host and port.",
    )
    speed: float = Field(
        default=720, ge=0, le=100_000, description="Seconds of the demo's time in one second; 720 is an hour in 5 s."
    )
    language: Literal["en", "zh"] = Field(
        default_factory=lambda: spoken(os.environ), description="Language of the command line's sentences."
    )
    person: str = Field(default="", description="Who you are in the project: by whose right `apply` publishes.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged, to stderr."
    )

    @property
    def base_url(self) -> str:
        """How people reach the server, without a slash at the end."""
        return self.url or f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(config: Path | None = None, **flags: object) -> Settings:
    """The settings in force. Flags that are None were not given. Raises InvalidInput, naming the place and the fix."""
    refuse_misspelt(os.environ)
    if config is not None and not config.is_file():
        raise InvalidInput(f"there is no file {config}", fix="name an existing file with --config, or leave it out")
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=config or FILE)

    try:
        settings = Here(**given)
    except ValidationError as error:
        raise explained(error, given, config or FILE) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"not TOML: {error}", where=str(config or FILE), fix="correct the line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"cannot be read: {error}", where=str(config or FILE), fix="check the file") from error
    remember_parts(settings.database)
    return settings


def refuse_misspelt(environment: os._Environ[str] | dict[str, str]) -> None:
    """Raise InvalidInput for a variable that is nearly a setting. Others are the project's own (secrets, addresses)."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.9)
            if near:
                raise InvalidInput(f"the environment has {name}, which nothing reads", fix=f"did you mean {near[0]}?")


def explained(error: ValidationError, flags: dict[str, Any], config: Path) -> InvalidInput:
    """The first thing that is wrong, and where it was written."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        fix = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(Settings.model_fields))}"
        return InvalidInput(f"unknown setting {name!r}", where=str(config), fix=fix)
    if name in flags:
        where = f"--{name.replace('_', '-')}"
    elif f"{PREFIX}{name.upper()}" in os.environ:
        where = f"{PREFIX}{name.upper()}"
    else:
        where = f"{config}: {name}"
    description = Settings.model_fields[name].description if name in Settings.model_fields else ""
    return InvalidInput(f"{first['input']!r} will not do: {first['msg']}", where=where, fix=f"give: {description}")
