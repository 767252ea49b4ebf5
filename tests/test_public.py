"""The public surface: what it is, that each part of it is told, and what it costs to import."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

import shawahid
from shawahid import Answer, Assistant, Finished, Library, ShawahidError
from shawahid.ingest.pipeline import ingest

from .conftest import REPOSITORY

SURFACE = """
    Assistant Library Settings load_settings Filters ingest library_from_documents
    Answer Account Citation ClaimCheck Comparison Constraint Correction Cost Coverage Listed Plan Sentence Speaker
    TimeReference
    Understood EvidenceFound Provisional Judged Finished
    Dossier read_dossier
    ShawahidError
    LibraryError LibraryMissing LibraryTooNew LibraryDamaged LibraryBusy LibraryUnwritable EmbedderMismatch
    InputError PathMissing ArticleUnknown ArticleAmbiguous OutletUnknown MetadataInvalid DossierInvalid EmbedderUnknown
    QuestionInvalid QuestionEmpty QuestionTooLong
    SettingInvalid SettingUnknown ConfigUnreadable KeyInFile LocalOnly
    EmbedderFailed ModelUnreadable
""".split()
DOCUMENTS = "".join(
    path.read_text(encoding="utf-8") for path in (REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md"))
)
HEAVY = {"chromadb", "gradio", "llama_index", "openai", "onnxruntime", "tantivy", "numpy"}
# Of Library, what its docstring offers; the rest of it is between our own packages.
OFFERED = set(re.findall(r"`(\w+)`", inspect.getdoc(Library) or ""))


def public(name: str) -> Any:
    """What a public name stands for; the package `ingest` stands for the function in it that calling it calls."""
    return ingest if name == "ingest" else getattr(shawahid, name)


def test_the_surface_is_this_list() -> None:
    assert sorted(shawahid.__all__) == sorted(SURFACE)
    assert dir(shawahid) == sorted(SURFACE)


@pytest.mark.parametrize("name", SURFACE)
def test_every_name_is_there_and_in_the_documents(name: str) -> None:
    assert public(name).__name__ == name
    assert re.search(rf"\b{name}\b", DOCUMENTS)


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = shawahid.nothing


def callables(name: str) -> Iterator[tuple[str, Callable[..., Any], str]]:
    """What of a name can be called by hand, each with the documentation that is to tell of it."""
    value = public(name)
    if not inspect.isclass(value):
        yield name, value, value.__doc__ or ""
        return
    if not is_dataclass(value) and not issubclass(value, ShawahidError) and value is not Library:
        yield name, value.__init__, f"{value.__doc__} {value.__init__.__doc__}"
    for member, held in vars(value).items():
        if member.startswith("_") or (value is Library and member not in OFFERED):
            continue
        function = held.__func__ if isinstance(held, classmethod) else held
        if inspect.isfunction(function):
            yield f"{name}.{member}", function, function.__doc__ or ""


@pytest.mark.parametrize("name", SURFACE)
def test_every_name_says_what_it_is_and_what_all_that_it_takes_is(name: str) -> None:
    value = public(name)
    own = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__
    assert own
    assert not own.startswith(f"{name}("), "that is what a dataclass without a docstring says of itself"
    untold = []
    if is_dataclass(value):
        untold += [field.name for field in fields(value) if not re.search(rf"\b{field.name}\b", own)]
    for called, function, told in callables(name):
        taken = [name for name in inspect.signature(function).parameters if name not in {"self", "cls"}]
        untold += [f"{called}({parameter})" for parameter in taken if not re.search(rf"\b{parameter}\b", told)]
        untold += [] if told else [called]
    assert untold == []


def test_every_name_in_the_documents_exists() -> None:
    page = (REPOSITORY / "docs" / "python.md").read_text(encoding="utf-8")
    inline = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    names = set(re.findall(r"`([A-Z][a-z]\w+)`", inline))
    assert names - {"ShawahidRetriever", "ShawahidQueryEngine"} <= set(SURFACE)
    members = re.findall(r"`([A-Z][a-z]\w+)\.(\w+)`", inline)
    assert members
    for name, member in members:
        assert hasattr(getattr(shawahid, name), member)


def imported_by(code: str) -> set[str]:
    """The packages that some code leaves imported, in a Python of its own."""
    printed = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name.partition(".")[0] for name in printed.split()} | set(printed.split())


@pytest.mark.parametrize("first", ["", "import shawahid.ingest.library; "])
def test_ingest_is_a_function_and_a_package(demo_copy: Path, first: str) -> None:
    script = f"{first}from shawahid import Library, ingest\nwith Library.open(sys.argv[1]) as library:\n"
    script += (
        "    print(len(ingest(library, ['ui/demo']).unchanged))\nimport shawahid.ingest.types as types; types.Filters()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; {script}", str(demo_copy)], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert ran.stdout == "14\n", ran.stderr


def test_importing_it_imports_none_of_it() -> None:
    modules = imported_by("import shawahid")
    assert not modules & HEAVY
    assert {name for name in modules if name.startswith("shawahid.")} == set()


def test_what_needs_nothing_heavy_imports_nothing_heavy() -> None:
    needing = {"Assistant", "Library", "ingest", "library_from_documents", "OutletUnknown", "EmbedderUnknown"}
    modules = imported_by(f"from shawahid import {', '.join(sorted(set(SURFACE) - needing))}\nload_settings()")
    assert "shawahid.assistant.settings" in modules
    assert not modules & HEAVY


def test_opening_a_library_imports_no_server_and_no_page() -> None:
    assert not imported_by("from shawahid import Assistant") & {"gradio", "openai", "llama_index", "chromadb"}


def test_threads_share_one(demo_folder: Path) -> None:
    questions = ["How many passengers can the ferry carry?", "How much does a box of sardines cost?", "سوق السمك؟"] * 4
    with Assistant.open(demo_folder) as shared:
        one_by_one = {question: shared.ask(question) for question in set(questions)}
        with ThreadPoolExecutor(6) as pool:
            asked = list(pool.map(shared.ask, questions))
            streamed = list(pool.map(lambda question: list(shared.stream(question))[-1], questions))
    assert asked == [one_by_one[question] for question in questions]
    assert streamed == [Finished(one_by_one[question]) for question in questions]
    assert all(isinstance(answer, Answer) for answer in asked)


def test_closing_twice_is_allowed(demo_folder: Path) -> None:
    with Assistant.open(demo_folder) as opened:
        opened.close()
    with Library.open(demo_folder) as library:
        library.close()
