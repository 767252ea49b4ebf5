"""Where the library is and which embedder is used: flags over environment over defaults."""

import os
from dataclasses import dataclass
from pathlib import Path

LIBRARY_VARIABLE = "SHAWAHID_LIBRARY"
EMBEDDER_VARIABLE = "SHAWAHID_EMBEDDER"


@dataclass(frozen=True, slots=True)
class Settings:
    """`embedder` None means the one that the library was made with."""

    library: Path
    embedder: str | None = None


def load_settings(library: str | None = None, embedder: str | None = None) -> Settings:
    """What was given, else what the environment says, else the user's data folder and the bundled embedder."""
    folder = library or os.environ.get(LIBRARY_VARIABLE)
    chosen = embedder or os.environ.get(EMBEDDER_VARIABLE) or None
    return Settings(Path(folder).expanduser() if folder else default_library(), chosen)


def default_library() -> Path:
    from platformdirs import user_data_path

    return user_data_path("shawahid", appauthor=False) / "library"
