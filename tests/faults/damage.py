"""Single bits of the truth flipped: what a reader is shown is as it was, or the damage is named."""

import random
import shutil
from pathlib import Path
from typing import Final

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.library import Library
from shawahid.ingest.pipeline import ingest
from shawahid.ingest.types import LIBRARY_FILE

from .strike import Strike

_QUESTIONS: Final = (
    "How many passengers can the ferry carry?",
    "كم عدد الذين خرجوا إلى ساحة البلدية رفضا لنقل سوق السمك؟",
    "How much does a box of sardines cost?",
)


def strike_damage(seed: int, folder: Path, articles: Path, *, flips: int) -> list[Strike]:
    """Flip so many bits of a library's database, one at a time, each in a copy of the whole."""
    chance = random.Random(seed)
    whole, copy = folder / "whole", folder / "copy"
    with Library.open(whole, create=True) as library:
        ingest(library, [articles])
    expected = seen(whole)
    data = bytearray((whole / LIBRARY_FILE).read_bytes())
    shutil.copytree(whole, copy)
    struck = []
    for _ in range(flips):
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        data[place] ^= bit
        for beside in copy.glob(f"{LIBRARY_FILE}-*"):
            beside.unlink()
        (copy / LIBRARY_FILE).write_bytes(data)
        data[place] ^= bit
        try:
            wrong = () if seen(copy) == expected else (f"unnoticed: bit {bit} of byte {place}",)
            struck.append(Strike("flip", "harmless", struck=True, wrong=wrong))
        except ShawahidError:
            struck.append(Strike("flip", "named", struck=True, wrong=()))
        except Exception as error:  # what is not named is a traceback for whoever asks
            struck.append(Strike("flip", "crash", struck=True, wrong=(f"byte {place}: {error!r}",)))
    return struck


def seen(library: Path) -> list[object]:
    """All that a reader is shown: the list, every article, and some answers."""
    with Assistant.open(library) as assistant:
        rows = assistant.library.articles()
        shown: list[object] = [row.metadata for row in rows] + [row.name for row in rows]
        shown += [assistant.library.article(row.id) for row in rows]
        shown += [assistant.library.corrections_of([row.id]) for row in rows]
        return shown + [assistant.ask(question).to_json() for question in _QUESTIONS]
