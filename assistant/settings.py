"""Where the library is, which embedder and which model are used: flags over environment over defaults."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from ingest.errors import InputError

if TYPE_CHECKING:
    from ingest.library import Library

    from .model import ModelChoice

Strictness = Literal["strict", "balanced", "lenient"]
LIBRARY_VARIABLE = "SHAWAHID_LIBRARY"
EMBEDDER_VARIABLE = "SHAWAHID_EMBEDDER"
MODEL_VARIABLE = "SHAWAHID_MODEL"
STRICTNESS_VARIABLE = "SHAWAHID_STRICTNESS"
TIMEOUT_VARIABLE = "SHAWAHID_MODEL_TIMEOUT"
WINDOW_VARIABLE = "SHAWAHID_MODEL_WINDOW"
LOCAL_VARIABLE = "SHAWAHID_LOCAL"
CHROMA_VARIABLE = "SHAWAHID_CHROMA"
SECOND_OPINION_VARIABLE = "SHAWAHID_SECOND_OPINION"
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)


class SettingInvalid(InputError):
    code = "setting_invalid"
    template = "{name} cannot be “{value}”: {remedy}."


class LocalOnly(InputError):
    code = "local_only"
    template = (
        "--local forbids the network, but {chosen} was chosen, which is at {host}. "
        "Leave out one of the two; nothing was sent."
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """`embedder` None means the one that the library was made with; `model` None that no language model is used.

    `local`: nothing may go over the network. `strictness`: what becomes of a model's sentence that is not fully
    supported. `second_opinion`: the model is asked whether its own sentences hold, after the checks. `chroma`: the
    address of the Chroma server that has the vector index; None where it lies with the library.
    """

    library: Path
    embedder: str | None = None
    model: "ModelChoice | None" = None
    strictness: Strictness = "balanced"
    local: bool = False
    second_opinion: bool = False
    chroma: str | None = None


def load_settings(
    library: str | None = None,
    embedder: str | None = None,
    model: str | None = None,
    strictness: str | None = None,
    local: bool = False,
) -> Settings:
    """What was given, else what the environment says, else the user's data folder, the bundled embedder and no model.

    Raises SettingInvalid, or LocalOnly where a server is chosen and the network forbidden.
    """
    folder = library or os.environ.get(LIBRARY_VARIABLE)
    chosen = embedder or os.environ.get(EMBEDDER_VARIABLE) or None
    settings = Settings(
        Path(folder).expanduser() if folder else default_library(),
        chosen,
        _model(model or os.environ.get(MODEL_VARIABLE)),
        _strictness(strictness or os.environ.get(STRICTNESS_VARIABLE) or "balanced"),
        local or _switch(LOCAL_VARIABLE),
        _switch(SECOND_OPINION_VARIABLE),
        os.environ.get(CHROMA_VARIABLE) or None,
    )
    if settings.local and settings.model:
        forbid(f"the model {settings.model.name}")
    if settings.local and chosen:
        forbid_remote_embedder(chosen)
    return settings


def open_library(settings: Settings, *, create: bool = False) -> "Library":
    """The library that is meant, with the embedder that is meant; with `create`, made where there is none.

    Raises LocalOnly where it is embedded or searched by a server elsewhere and the network forbidden, and what
    Library.open raises.
    """
    from ingest.library import Library

    library = Library.open(settings.library, embedder=settings.embedder, create=create, chroma=settings.chroma)
    try:
        if settings.local:
            forbid_remote_embedder(library.embedder_name)
            if library.server and not library.server.loopback:
                raise LocalOnly(chosen="the vector index", host=library.server.host)
    except LocalOnly:
        library.close()
        raise
    return library


def forbid_remote_embedder(name: str) -> None:
    """Raise LocalOnly where an embedder is behind a server."""
    if name.startswith("openai:"):
        forbid(f"the embedder {name}")


def forbid(chosen: str) -> None:
    from .model import chosen_host

    raise LocalOnly(chosen=chosen, host=chosen_host())


def _model(name: str | None) -> "ModelChoice | None":
    if not name:
        return None
    from .model import ModelChoice

    default = ModelChoice(name)
    return ModelChoice(
        name, _number(TIMEOUT_VARIABLE, default.timeout), int(_number(WINDOW_VARIABLE, default.window, least=2_000))
    )


def _number(variable: str, default: float, least: float = 0.1) -> float:
    given = os.environ.get(variable)
    if not given:
        return default
    try:
        value = float(given)
    except ValueError:
        value = 0.0
    if value < least:
        raise SettingInvalid(name=variable, value=given, remedy=f"give a number, at least {least:g}")
    return value


def _strictness(given: str) -> Strictness:
    for known in STRICTNESSES:
        if given == known:
            return known
    raise SettingInvalid(name="strictness", value=given, remedy=f"choose from {', '.join(STRICTNESSES)}")


def _switch(variable: str) -> bool:
    given = os.environ.get(variable, "").strip().lower()
    if given not in ("", "0", "no", "false", "1", "yes", "true"):
        raise SettingInvalid(name=variable, value=given, remedy="say 1 or 0")
    return given in ("1", "yes", "true")


def default_library() -> Path:
    from platformdirs import user_data_path

    return user_data_path("shawahid", appauthor=False) / "library"
