"""Every command that writes, struck in the middle: killed, on a disk that fills, with writes that fail.

A reader asks all the while. After each strike nothing that was there may be lost, doubled or wrong, and the same
command, run again, must finish what it began.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from shawahid.assistant.assistant import Assistant
from shawahid.ingest.check import check
from shawahid.ingest.errors import ShawahidError
from shawahid.ingest.library import Library

from .children import CRASHED, command, load, start, wait
from .strike import Strike

Blow = Literal["kill", "failing write", "full disk"]
Name = Literal["ingest", "ingest --sync", "edit", "remove", "prune", "rebuild", "rebuild --embed", "publish"]
NAMES: Final[tuple[Name, ...]] = (
    "ingest",
    "ingest",
    "ingest --sync",
    "edit",
    "remove",
    "prune",
    "rebuild",
    "rebuild --embed",
    "publish",
)
_ARTICLES: Final = 24
_NOTHING: Final = ["prune", "--before", "1900-01-01"]  # a writer, which finishes what another began
_DISK: Final = 64 * 2**20  # bytes
_FIXED: Final = ("lighthouse.txt", "The lighthouse of Nawras was built by the engineer Salma Haddad in 1893.")
_QUESTION: Final = "Who built the lighthouse of Nawras?"


@dataclass
class World:
    """A library, the files that it was made from, and what it must hold."""

    folder: Path
    chance: random.Random
    written: int = 0
    must: dict[str, str] = field(default_factory=dict)  # file names to texts that were taken in
    outlets: dict[str, set[str | None]] = field(default_factory=dict)  # the outlets that each may have
    texts: dict[str, str] = field(default_factory=dict)  # every text that there ever was, by its hash
    seconds: dict[str, float] = field(default_factory=dict)  # that each command took when nothing struck

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    def write(self, name: str) -> None:
        """Write an article anew; no two are the same."""
        self.written += 1
        english = f"Pier {self.written} of Nawras is closed for {self.written % 50 + 2} days."
        self.put(name, f"{english}\nأعلنت البلدية إغلاق الرصيف {self.written}.")

    def put(self, name: str, text: str) -> None:
        (self.articles / name).write_text(text, encoding="utf-8")
        self.texts[hashlib.sha256(text.encode()).hexdigest()] = text

    def files(self) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(self.articles.iterdir())}

    def change_files(self) -> None:
        """Some articles changed, some new, some gone."""
        names = sorted(path.name for path in self.articles.iterdir() if path.name != _FIXED[0])
        for name in self.chance.sample(names, 2):
            self.write(name)
        for _ in range(self.chance.randint(1, 4)):
            self.write(f"{self.written:05}.txt")
        for name in self.chance.sample(names, max(1, len(names) - _ARTICLES)):
            (self.articles / name).unlink()


def strike_writing(seed: int, folder: Path, *, seconds: float = 60.0, most: int = 10_000) -> list[Strike]:
    """Strike one command after the other for so many seconds, or so many times."""
    load()
    world = World(folder, random.Random(seed))
    world.articles.mkdir(parents=True)
    for number in range(_ARTICLES):
        world.write(f"{number:05}.txt")
    world.put(*_FIXED)
    problems = _finish(world, ["ingest", str(world.articles)], "ingest")
    assert not problems, problems
    world.must = world.files()
    end = time.monotonic() + seconds
    struck: list[Strike] = []
    while time.monotonic() < end and len(struck) < most:
        name = NAMES[len(struck) % len(NAMES)]
        blow: Blow = world.chance.choice(("kill", "kill", "failing write", "full disk"))
        struck.append(_strike(world, name, blow))
    return struck


def _strike(world: World, name: Name, blow: Blow) -> Strike:
    arguments, after, outlet = _prepared(world, name)
    before = dict(world.must)
    if outlet:
        world.outlets.setdefault(*outlet[:1], {None}).add(outlet[1])
    said = world.folder / "said.txt"
    said.unlink(missing_ok=True)
    with _place(world, blow) as (library, room), _reader(world, library) as told:
        process = start(command(library, arguments), said, file_size=room)
        within = world.chance.random() * 1.1 * world.seconds.get(name, 2.0)
        code = wait(process, kill_after=within if blow == "kill" else None)
    wrong = [f"reader: {line}" for line in told]
    if code == CRASHED or "Traceback" in _read(said):
        wrong.append(f"crashed: {_read(said)[-1500:]}")
    wrong += _between(world, before, after)
    began = time.monotonic()
    wrong += _finish(world, arguments, name)
    world.seconds[name] = min(world.seconds.get(name, 60.0), time.monotonic() - began)
    world.must = after
    if outlet:
        world.outlets[outlet[0]] = {outlet[1]}
    wrong += _between(world, after, after)
    return Strike(name, blow, code != 0, tuple(wrong))


def _prepared(world: World, name: Name) -> tuple[list[str], dict[str, str], tuple[str, str] | None]:
    """A command's arguments, what the library must hold once it is done, and the outlet that it sets."""
    must = dict(world.must)
    if name in ("ingest", "ingest --sync"):
        world.change_files()
        files = world.files()
        sync = ["--sync", "--yes"] if name == "ingest --sync" else []
        return ["ingest", *sync, str(world.articles)], {**({} if sync else must), **files}, None
    chosen = world.chance.choice(sorted(must.keys() - {_FIXED[0]}))
    source = str(world.articles / chosen)
    if name == "edit":
        outlet = f"Outlet {world.chance.randrange(1000)}"
        return ["edit", source, "--outlet", outlet], must, (chosen, outlet)
    if name == "remove":
        (world.articles / chosen).unlink(missing_ok=True)
        del must[chosen]
        return ["remove", source], must, None
    if name == "publish":
        return ["publish", str(world.snapshots)], must, None
    return name.split(), must, None


def _between(world: World, before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What is not as it was before or is to be after."""
    try:
        with Library.open(world.library) as library:
            rows = library.articles()
            held = {row.name: library.article(row.id).text for row in rows}
            outlets = {row.name: row.metadata.outlet for row in rows}
    except ShawahidError as error:
        return [f"cannot be opened: {error}"]
    wrong = [f"doubled: {name}" for name, times in Counter(row.name for row in rows).items() if times > 1]
    wrong += [f"lost: {name}" for name in before.keys() & after.keys() - held.keys()]
    wrong += [f"from nowhere: {name}" for name in held.keys() - before.keys() - after.keys()]
    wrong += [f"text: {name}" for name, text in held.items() if text not in (before.get(name), after.get(name))]
    wrong += [
        f"outlet of {name}: {outlet}"
        for name, outlet in outlets.items()
        if outlet not in world.outlets.get(name, {None})
    ]
    return wrong


def _finish(world: World, arguments: list[str], name: str) -> list[str]:
    """Run a command to its end, and look at what it left."""
    said = world.folder / "finished.txt"
    said.unlink(missing_ok=True)
    code = wait(start(command(world.library, arguments), said))
    if code and name == "remove" and "no article" in _read(said).lower():  # the strike came after the removal
        code = wait(start(command(world.library, _NOTHING), said))
    if code:
        return [f"not finished: {_read(said)[-1500:]}"]
    looked = world.folder / "checked.json"
    wait(start(lambda: _check(world.library, looked), said))
    return [f"check: {line}" for line in json.loads(_read(looked) or '["it did not end"]')]


def _check(library: Path, into: Path) -> int:
    with Library.open(library) as opened:
        into.write_text(json.dumps(check(opened)), encoding="utf-8")
    return 0


@contextlib.contextmanager
def _reader(world: World, library: Path) -> Iterator[list[str]]:
    """Somebody who asks all the while; what was wrong in the answers is told at the end."""
    heard = world.folder / "heard.jsonl"
    told: list[str] = []
    heard.unlink(missing_ok=True)
    process = start(lambda: _ask_on(world, library, heard), world.folder / "reader.txt")
    try:
        yield told
    finally:
        os.kill(process, signal.SIGTERM)
        wait(process)
        told += [json.loads(line) for line in _read(heard).splitlines()]


def _ask_on(world: World, library: Path, heard: Path) -> int:
    with Assistant.open(library) as assistant, heard.open("a", encoding="utf-8") as out:
        while True:
            try:
                wrong = _wrong_citations(world, assistant)
            except ShawahidError as error:
                wrong = [f"{type(error).__name__}: {error}"]
            for line in wrong:
                out.write(json.dumps(line) + "\n")
                out.flush()
            time.sleep(0.05)


def _wrong_citations(world: World, assistant: Assistant) -> list[str]:
    answer = assistant.ask(_QUESTION)
    if not answer.citations and not answer.notices:  # a notice tells that the index is not whole yet
        return ["the articles answer, but nothing was found"]
    return [
        f"article {one.article} does not say {one.quote!r}"
        for one in answer.citations
        if world.texts.get(one.sha256, "")[one.start : one.end] != one.quote
    ]


@contextlib.contextmanager
def _place(world: World, blow: Blow) -> Iterator[tuple[Path, int | None]]:
    """Where the library is struck, and how large its files may become: on a full disk, a small one that it is moved to
    and from. Where nobody may mount one, writes fail instead."""
    if blow == "kill":
        yield world.library, None
        return
    if blow == "failing write":
        yield world.library, world.chance.randrange(4_096, 400_000)
        return
    disk = world.folder / "disk"
    disk.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "none", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield world.library, world.chance.randrange(4_096, 400_000)
        return
    try:
        shutil.copytree(world.library, disk / "library")
        filler = disk / "filler"
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - world.chance.randrange(8_192, 600_000))
        yield disk / "library", None
        filler.unlink()
        shutil.rmtree(world.library)
        shutil.copytree(disk / "library", world.library)
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
