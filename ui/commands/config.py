"""The subcommand `config`: each setting, and where its value comes from."""

import os
from collections.abc import Mapping

from shawahid.assistant.configuration import default_config, read_config, resolve
from shawahid.assistant.settings import SETTINGS

from .plain import json_text, line

_KEY = "OPENAI_API_KEY"  # from the environment alone, where the models' clients read it themselves


def print_config(file: str | None, given: Mapping[str, object], *, as_json: bool) -> int:
    """Print what `load_settings` would take, without what is secret. Raises as it does, but for LocalOnly."""
    config = read_config(SETTINGS, file)
    rows = {item.setting.name: (item.shown, item.origin) for item in resolve(SETTINGS, given, config)}
    rows["api_key"] = ("***", _KEY) if os.environ.get(_KEY) else (None, "default")
    path = str(config.path) if config.path else None
    if as_json:
        settings = {name: {"value": value, "from": origin} for name, (value, origin) in rows.items()}
        print(json_text({"file": path, "settings": settings}))
        return 0
    print(line(f"{'settings file':<16}{path or f'none; it would be {default_config()}'}"))
    for name, (value, origin) in rows.items():
        print(line(f"{name:<16}{_told(value)}  ({origin})"))
    return 0


def _told(value: object) -> str:
    """A value as it would stand in a file, but without quotes."""
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
