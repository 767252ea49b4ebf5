"""`shawahid check`: every stored span, hash and index held against each other."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from shawahid.ingest.indexes.served import read_served
from shawahid.ingest.indexes.vectors import CHECKED, Generation, ServedCollection, lost_samples
from shawahid.ingest.indexes.view import generation_folder, read_generation
from shawahid.ingest.text.passages import own_segments

from .errors import LibraryDamaged, VectorServerFailed
from .kin import near_copies, stories
from .library import Library
from .store import catalogue, embeddings, integrity, seals, worded
from .store.database import Connection, Unreadable
from .types import Span

_MOST_NAMED: Final = 5  # passages or rows in one line
UNREADABLE: Final = (Unreadable, seals.Altered, ValueError, TypeError, LookupError, ArithmeticError)
"""What reading a row raises that is not as it was written."""

_REMEDY: Final = "Restore it from a backup, or remove those articles and ingest them again"


def check(library: Library) -> list[str]:
    """What is wrong with a library, a line each, with the remedy; nothing where all holds."""
    with library.view.database.reading() as db:
        parts = (
            lambda: _check_database(db),
            lambda: _check_seals(db),
            lambda: _check_texts(db),
            lambda: _check_past(db),
            lambda: _check_corrections(db),
            lambda: near_copies.problems(db),
            lambda: stories.problems(db),
            lambda: _check_embeddings(db),
            lambda: _check_words(db, library),
            lambda: _check_generation(db, library),
            lambda: _check_server(db, library),
        )
        return [problem for part in parts for problem in _told(part)]


def _told(part: Callable[[], Iterator[str]]) -> Iterator[str]:
    """What a part of the check finds; that it cannot be read to its end is a problem too."""
    try:
        yield from part()
    except (LibraryDamaged, *UNREADABLE) as error:
        yield f"a part of the library cannot be read ({error}). {_REMEDY}"


def _check_database(db: Connection) -> Iterator[str]:
    for line in integrity.damage(db):
        yield f"the database is damaged: {line}. Restore it from a backup"
    for table in integrity.tables_with_dangling_rows(db)[:_MOST_NAMED]:
        yield f"a row of {table} points to nothing. Ingest the articles into a new library"


def _check_seals(db: Connection) -> Iterator[str]:
    for kind, keys in seals.all_altered(db):
        some = ", ".join(map(str, keys[:_MOST_NAMED]))
        more = " …" if len(keys) > _MOST_NAMED else ""
        yield f"{len(keys)} rows of {kind} are not as they were written ({some}{more}). {_REMEDY}"


def _check_texts(db: Connection) -> Iterator[str]:
    for id_, sha256, text, characters, marked in integrity.stored_texts(db):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield f"text {id_} is not the one that its hash is of. Remove its articles and ingest them again"
        if len(text) != characters:
            yield f"text {id_} has {len(text)} characters, but {characters} are noted"
        passages = [Span(passage.start, passage.end) for passage in catalogue.passages_of_text(db, id_)]
        if not _in_order(marked, len(text)) or not _in_order(passages, len(text)):
            yield f"spans of text {id_} overlap or lie outside it. Remove its articles and ingest them again"
        elif not _covered(text, marked, passages):
            yield f"the passages and the furniture of text {id_} do not add up to it. Ingest its articles again"
    if orphans := len(catalogue.unused_texts(db)):
        yield f"{orphans} texts belong to no article"


def _check_past(db: Connection) -> Iterator[str]:
    remedy = "Forget them with: shawahid prune"
    for sha256, text in integrity.past_texts(db):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield f"an older text is not the one that its hash {sha256[:16]}… is of. {remedy}"
    if twice := integrity.count_present_and_past(db):
        yield f"{twice} texts are both present and past. {remedy}"


def _check_corrections(db: Connection) -> Iterator[str]:
    for id_ in integrity.articles_correcting_outside_their_text(db)[:_MOST_NAMED]:
        yield f"what article {id_} says of another lies outside its text. Remove it and ingest it again"


def _in_order(spans: list[Span], length: int) -> bool:
    edges = [edge for span in spans for edge in span]
    return edges == sorted(edges) and all(0 <= edge <= length for edge in edges) and all(s.start < s.end for s in spans)


def _covered(text: str, marked: list[Span], passages: list[Span]) -> bool:
    """Whether passages hold all of the article's own words, and no furniture."""
    own = Counter[str]()
    for segment in own_segments(text, marked):
        own.update(text[segment.start : segment.end].split())
    held = Counter[str]()
    for passage in passages:
        held.update(text[passage.start : passage.end].split())
    overlap = any(passage.overlaps(mark) for mark in marked for passage in passages)
    return not overlap and sum(map(len, own.elements())) == sum(map(len, held.elements()))


def _check_embeddings(db: Connection) -> Iterator[str]:
    sizes = integrity.vector_sizes(db)
    if len(sizes) > 1:
        yield f"embeddings have {len(sizes)} different sizes. Embed again with: shawahid rebuild --embed"


def _check_words(db: Connection, library: Library) -> Iterator[str]:
    reader = library.words()
    held = Counter(reader.passage_ids() if reader else [])
    if reader and (some := catalogue.some_text(db)):
        reader.search(some, _MOST_NAMED)  # it reads files that counting does not
    yield from _differences("index of words", worded.worded_passages(db), held)


def _check_generation(db: Connection, library: Library) -> Iterator[str]:
    record = read_generation(library.view.database)
    if not record.number or library.view.read_only:  # a snapshot's files were held against their hashes
        return
    try:
        generation = Generation(generation_folder(library.folder, record.number), record.files)
    except Exception as error:  # whatever Chroma raises on what is missing or damaged
        yield f"the vector index cannot be opened ({error}). Make it anew with: shawahid rebuild"
        return
    try:
        held = Counter(generation.ids())
        samples = embeddings.sample_embeddings(db, record.last, CHECKED)
        lost = lost_samples(generation, [sample for sample in samples if sample[0] in held])
    finally:
        generation.close()
    if lost:
        yield f"the vector index does not find passages {lost} by their own vectors. Run: shawahid rebuild"
    if sum(held.values()) != record.count:
        yield f"the vector index holds {sum(held.values())} vectors, not {record.count}. Run: shawahid rebuild"
    yield from _check_vectors(db, "vector index", record.last, held)


def _check_server(db: Connection, library: Library) -> Iterator[str]:
    """The vector index on a server."""
    record = read_served(db)
    if library.server is None or not record.collection:
        return
    try:
        collection = ServedCollection(library.server, record.collection)
        try:
            held = Counter(collection.ids())
            lost = lost_samples(collection, embeddings.sample_embeddings(db, record.last, CHECKED))
        finally:
            collection.close()
    except VectorServerFailed as error:
        yield str(error)
        return
    name = f"vector index at {library.server.address}"
    if lost:
        yield f"the {name} does not find passages {lost} by their own vectors. Make it anew with: shawahid rebuild"
    yield from _check_vectors(db, name, record.last, held)


def _check_vectors(db: Connection, name: str, last: int, held: Counter[int]) -> Iterator[str]:
    expected = embeddings.embedded_up_to(db, last)
    # What was removed since, or is just being sent, may be there too, and is passed over when it is found.
    yield from _differences(name, expected, Counter({id_: n for id_, n in held.items() if id_ in expected}))


def _differences(name: str, expected: Iterable[int], held: Counter[int]) -> Iterator[str]:
    expected = set(expected)
    remedy = "Make it anew with: shawahid rebuild"
    for what, ids in (
        ("lacks", expected - set(held)),
        ("still has removed", set(held) - expected),
        ("has twice", {id_ for id_, times in held.items() if times > 1}),
    ):
        if ids:
            some = ", ".join(map(str, sorted(ids)[:_MOST_NAMED]))
            yield f"the {name} {what} {len(ids)} passages ({some}{' …' if len(ids) > _MOST_NAMED else ''}). {remedy}"
