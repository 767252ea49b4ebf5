"""What a setting is and where its value comes from: a flag, else the environment, else a file, else the default.

The settings themselves are in settings.py, one line each; nothing here knows any of them by name.
"""

import math
import os
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from shawahid.ingest.errors import InputError

CONFIG_VARIABLE: Final = "SHAWAHID_CONFIG"
_SECRET: Final = re.compile("key|token|secret|password", re.IGNORECASE)
_HIDDEN: Final = "***"


class SettingInvalid(InputError):
    """A setting has a value that it cannot have, whether given, in the environment or in the file."""

    code = "setting_invalid"
    template = "{name} cannot be “{value}”: {remedy}."


class SettingUnknown(InputError):
    """The settings file holds a name that is no setting."""

    code = "setting_unknown"
    template = "{path} sets “{key}”, which is no setting. The nearest is “{nearest}”; all are: {known}."


class ConfigUnreadable(InputError):
    """The settings file cannot be read, or is no TOML."""

    code = "config_unreadable"
    template = "The settings in {path} cannot be read: {problem}."


class KeyInFile(InputError):
    """The settings file holds a key or a password."""

    code = "key_in_file"
    template = (
        "{path} sets “{key}”, which looks like a key or a password. Those are not read from a file, because files are "
        "copied, shared and backed up. Take it out, and set OPENAI_API_KEY in the environment."
    )


# What values there are


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting can be: of which types in a file, how its text is read (ValueError where it cannot be), what to
    tell who gave something else, and how a value is shown."""

    types: tuple[type, ...]
    read: Callable[[str], object]
    remedy: str
    show: Callable[[Any], object] = str


def _read_switch(text: str) -> bool:
    said = text.strip().lower()
    if said not in ("1", "yes", "true", "0", "no", "false"):
        raise ValueError(text)
    return said in ("1", "yes", "true")


def _read_path(text: str) -> Path:
    return Path(text).expanduser()


def _read_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:  # port: ValueError if it is none
        raise ValueError(text)
    return text


def without_credentials(address: str) -> str:
    """A server's address without what may be secret in it: name and password, and what stands behind the path.

    >>> without_credentials("https://me:word@example.org:8443/v1?key=x")
    'https://example.org:8443/v1'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


TEXT: Final = Kind((str,), str, "give text")
FOLDER: Final = Kind((str,), _read_path, "give the path of a folder")
FILE: Final = Kind((str,), _read_path, "give the path of a file")
SWITCH: Final = Kind((bool,), _read_switch, "say true or false", bool)
ADDRESS: Final = Kind((str,), _read_address, "give an address such as http://127.0.0.1:11434/v1", without_credentials)


def number(least: float) -> Kind:
    """Any number from `least` on."""

    def read(text: str) -> float:
        value = float(text)
        if not (math.isfinite(value) and value >= least):
            raise ValueError(text)
        return value

    return Kind((int, float), read, f"give a number, at least {least:g}", float)


def whole_number(least: int) -> Kind:
    """Any whole number from `least` on."""

    def read(text: str) -> int:
        value = int(text)
        if value < least:
            raise ValueError(text)
        return value

    return Kind((int,), read, f"give a whole number, at least {least}", int)


def one_of(words: Sequence[str]) -> Kind:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Kind((str,), read, f"choose from {', '.join(words)}")


# What settings there are


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `name` is its field and its key in the file, `variable` its variable in the environment.

    `default` gives its value where nothing else does. `metavar` is what its flag takes ("" for a switch), None where
    not every command has that flag: those that do add it themselves.
    """

    name: str
    variable: str
    kind: Kind
    default: Callable[[], object]
    metavar: str | None
    help: str

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"


def setting(default: Any, variable: str, kind: Kind, metavar: str | None, help: str) -> Any:
    """A dataclass field that is a setting, as Setting tells; `default` is a value, or a function that gives it."""
    make = default if callable(default) else lambda: default
    described = {"variable": variable, "kind": kind, "default": make, "metavar": metavar, "help": help}
    return field(default_factory=make, metadata=described)


def settings_of(described: Any) -> tuple[Setting, ...]:
    """The settings that the fields of a dataclass are, in order."""
    return tuple(Setting(name=item.name, **item.metadata) for item in fields(described))


# Where values come from


@dataclass(frozen=True, slots=True)
class Resolved:
    """A setting with its value and its origin: "default", the file's path, the variable's name or the flag."""

    setting: Setting
    value: Any
    origin: str

    @property
    def shown(self) -> object:
        """The value as plain JSON, without what may be secret in it."""
        return None if self.value is None else self.setting.kind.show(self.value)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a settings file holds, every value read; `path` None where there is no file."""

    path: Path | None
    values: Mapping[str, object]


def resolve(settings: Collection[Setting], given: Mapping[str, object], config: ConfigFile) -> list[Resolved]:
    """Each setting from the first that tells it: `given` by name (None and "" tell nothing), its variable, the file,
    its default. Raises SettingInvalid."""
    return [_resolve(item, given.get(item.name), config) for item in settings]


def _resolve(item: Setting, given: object, config: ConfigFile) -> Resolved:
    if given is not None and given != "":
        return Resolved(item, _read(item, item.flag, str(given)), item.flag)
    if variable := os.environ.get(item.variable):
        return Resolved(item, _read(item, item.variable, variable), item.variable)
    if item.name in config.values:
        return Resolved(item, config.values[item.name], str(config.path))
    return Resolved(item, item.default(), "default")


def _read(item: Setting, name: str, text: str) -> object:
    try:
        return item.kind.read(text)
    except (ValueError, RuntimeError) as error:  # RuntimeError: the home of a user that there is not
        # An address that cannot be read cannot be told from the password in it.
        value = _HIDDEN if item.kind is ADDRESS and set("@?#") & set(text) else text
        raise SettingInvalid(name=name, value=value, remedy=item.kind.remedy) from error


def default_config() -> Path:
    """Where the settings file is looked for if none is named: the user's config folder."""
    from platformdirs import user_config_path

    return user_config_path("shawahid", appauthor=False) / "config.toml"


def read_config(settings: Collection[Setting], named: str | Path | None = None) -> ConfigFile:
    """The settings file that is named, else the one in SHAWAHID_CONFIG, else the user's if there is one.

    Raises ConfigUnreadable (also where a named one is missing), SettingUnknown, SettingInvalid or KeyInFile.
    """
    chosen = named or os.environ.get(CONFIG_VARIABLE)
    path = Path(chosen).expanduser() if chosen else default_config()
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as error:
        if not chosen:
            return ConfigFile(None, {})
        raise ConfigUnreadable(path=path, problem="there is no such file") from error
    except OSError as error:
        raise ConfigUnreadable(path=path, problem=error.strerror or error) from error
    except ValueError as error:
        raise ConfigUnreadable(path=path, problem=error) from error
    known = {item.name: item for item in settings}
    return ConfigFile(path, {key: _from_file(path, key, value, known) for key, value in held.items()})


def _from_file(path: Path, key: str, value: object, known: Mapping[str, Setting]) -> object:
    item = known.get(key)
    if item is None:
        if _SECRET.search(key):
            raise KeyInFile(path=path, key=key)
        raise SettingUnknown(path=path, key=key, nearest=nearest(key, known), known=", ".join(known))
    name = f"{key} in {path}"
    if type(value) not in item.kind.types:
        shown = _HIDDEN if isinstance(value, dict | list) else value
        raise SettingInvalid(name=name, value=shown, remedy=item.kind.remedy)
    read = _read(item, name, str(value)) if value != "" else item.default()
    if item.kind is ADDRESS and "@" in str(value):
        raise KeyInFile(path=path, key=key)
    # A path is looked for from the file, which stands still, and not from where the command is run.
    return path.absolute().parent / read if item.kind in (FOLDER, FILE) and isinstance(read, Path) else read


def nearest(name: str, known: Collection[str]) -> str:
    """The one of the known names that is most like a name."""
    said = name.lower().removeprefix("shawahid_")
    return get_close_matches(said, known, n=1, cutoff=0.0)[0]
