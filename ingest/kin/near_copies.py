"""Near copies: texts that share most of their words form one group, however many outlets carry them.

Two outlets with the same agency text are no independent witnesses. A text is read as its runs of three folded words
(shingles). MinHash (Broder 1997) with multiply-shift hashing (Dietzfelbinger and others 1997) says by a few numbers
which texts may share many of them: a text's `bands` are looked up in the database, so that a new one is compared with
few others, however many there are. Those few are compared word for word, and what is alike is joined.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import shake_128
from itertools import chain
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.store import catalogue, copy_groups
from shawahid.ingest.store.database import Connection
from shawahid.ingest.text.words import words_of_passage

SCHEME = "2"
"""Changed whenever bands or groups come out otherwise for the same texts; they are then made anew."""

_SHINGLE: Final = 3  # words
_BANDS: Final = 24  # of a text, each by two orders of its shingles
_BANDS_SHARED: Final = 2  # of texts that are compared: one is shared by chance or by a formula
_FULL: Final = 50  # texts with the same band; more would only make looking it up slower
_MOST_COMPARED: Final = 32  # texts
_AT_ONCE: Final = 4_096  # shingles
_REMEMBERED: Final = 1_000_000  # words, 8 MB

# What two texts must share, in words that stand in runs of three: so much of the longer that a roundup seldom joins
# its parts. Formulas (congratulations, forecasts, timetables) reach some 130 words, and what they leave open is a fifth
# or more of the text; so where no more than that is shared, it must be more of the shorter text. Of a short notice the
# figures are what it says: where each has some and not one in common, it is another notice.
_OF_LONGER: Final = 0.45
_OF_SHORTER: Final = 0.6
_BEYOND_FORMULA: Final = 150
_OF_SHORTER_BELOW: Final = 0.8
_NOTICE: Final = 60

_NINE = ord("9")  # no folded word begins with what comes before the digits
_MIX = np.uint64(0x9E3779B97F4A7C15)
_DRAWN = np.frombuffer(shake_128(b"near copies").digest(4 * _BANDS * 4), "<u4").reshape(2, 2 * _BANDS, 1)
_MULTIPLY, _ADD = _DRAWN[0] | np.uint32(1), _DRAWN[1]


@dataclass(frozen=True, slots=True)
class Profile:
    """Of a text's own words: how many they are, those that begin with a digit, and the shingles, hashed, in order."""

    words: int
    figures: frozenset[bytes]
    shingles: NDArray[np.uint64]

    def words_within(self, common: set[int]) -> int:
        """How many of its words stand in one of these shingles."""
        within = end = 0
        for start, shingle in enumerate(self.shingles.tolist()):
            if shingle in common:
                within += start + _SHINGLE - max(start, end)
                end = start + _SHINGLE
        return within

    def bands(self) -> list[int]:
        """By what a text is found that may be alike: for each band, the least of the shingles in two orders."""
        if not len(self.shingles):
            return []
        shingles = (self.shingles >> np.uint64(32)).astype(np.uint32)
        parts = (shingles[start : start + _AT_ONCE] for start in range(0, len(shingles), _AT_ONCE))
        least = np.min([(part * _MULTIPLY + _ADD).min(axis=1) for part in parts], axis=0)
        pairs = least.reshape(_BANDS, 2).astype(np.uint64)
        keys = ((pairs[:, 0] << np.uint64(32)) | pairs[:, 1]) * _MIX + np.arange(_BANDS, dtype=np.uint64)
        bands: list[int] = keys.view(np.int64).tolist()
        return bands


def profile(passages: Iterable[str]) -> Profile:
    """What of a text is compared: the words of its passages, which are its own without page furniture."""
    own = " ".join(chain.from_iterable(map(words_of_passage, passages))).encode().split()
    hashed = np.fromiter(map(crc32, own), np.uint64, len(own))
    shingles = np.zeros(max(0, len(own) - _SHINGLE + 1), np.uint64)
    for place in range(_SHINGLE if len(shingles) else 0):
        shingles = (shingles ^ hashed[place : place + len(shingles)]) * _MIX
    return Profile(len(own), frozenset(word for word in own if word[0] <= _NINE), shingles)


def alike(first: Profile, second: Profile) -> bool:
    """Whether two texts share so much that one was made from the other, or both from a third."""
    common = set(first.shingles.tolist()) & set(second.shingles.tolist())
    # Of texts with equally many words, the one that shares fewer stands for the shorter, whichever was given first.
    (shorter, shared), (longer, of_longer) = sorted((one.words, one.words_within(common)) for one in (first, second))
    if of_longer < _OF_LONGER * longer:
        return False
    if shared >= _BEYOND_FORMULA:
        return shared >= _OF_SHORTER * shorter
    if shared < _NOTICE and first.figures and second.figures and first.figures.isdisjoint(second.figures):
        return False
    return 0 < shared >= _OF_SHORTER_BELOW * shorter


# in the database


def put_in_groups(db: Connection, most: int, known: dict[int, Profile]) -> int:
    """Give a group to texts that have none yet, at most so many; returns how many those were.

    A group goes by the smallest number of its texts. A text that is like two groups makes them one. `known` are the
    profiles of texts that were looked at lately: what is alike often comes in one ingest.
    """
    if sum(one.words for one in known.values()) > _REMEMBERED:
        known.clear()
    waiting = copy_groups.ungrouped_texts(db, most)
    for text_id in waiting:
        _put_in_group(db, text_id, known)
    return len(waiting)


def _put_in_group(db: Connection, text_id: int, known: dict[int, Profile]) -> None:
    own = _profile(db, text_id, known)
    bands = own.bands()
    found = copy_groups.texts_in_bands(db, bands, text_id)
    near = Counter(row[1] for row in found).most_common(_MOST_COMPARED)
    likely = [other for other, shared in near if shared >= _BANDS_SHARED]
    groups = copy_groups.stored_groups(db, likely) if likely else {}
    joined = {text_id}
    for other in likely:
        group = groups.get(other)
        if group is not None and group not in joined and alike(own, _profile(db, other, known)):
            joined.add(group)
    first = min(joined)
    for group in joined - {first}:
        copy_groups.rename_group(db, group, first)
    copy_groups.put_in_group(db, text_id, first)
    times = Counter(row[0] for row in found)
    copy_groups.put_bands(db, text_id, [band for band in bands if times[band] < _FULL])


def _profile(db: Connection, text_id: int, known: dict[int, Profile]) -> Profile:
    if text_id not in known:
        text = catalogue.text_as_stored(db, text_id)
        passages = catalogue.passages_of_text(db, text_id)
        known[text_id] = profile(text[passage.start : passage.end] for passage in passages)
    return known[text_id]


def forget(db: Connection, text_ids: Collection[int]) -> None:
    """Prepare for texts to be deleted: those that are left of their groups have none until they are looked at again."""
    for text_id in text_ids:
        bands = _profile(db, text_id, {}).bands()
        copy_groups.drop_bands(db, text_id, bands)
        copy_groups.dissolve_group(db, copy_groups.stored_groups(db, [text_id]).get(text_id))


def forget_all(db: Connection) -> None:
    """Have all groups made anew."""
    copy_groups.dissolve_all(db)
    catalogue.set_meta(db, "copies", SCHEME)


def up_to_date(db: Connection) -> bool:
    """Whether the groups were made by this scheme; those of an older program are made anew."""
    return catalogue.get_meta(db, "copies") == SCHEME


def problems(db: Connection) -> Iterator[str]:
    """What is wrong with the groups, and with what texts are found by."""
    remedy = "Make the groups anew with: shawahid rebuild"
    right = 0
    for group, texts in copy_groups.members_of_groups(db).items():
        if group != texts[0]:
            yield f"group {group} of near copies does not go by its first text, {texts[0]}. {remedy}"
        known: dict[int, Profile] = {}
        if apart := _not_joined(db, texts, known):
            yield f"{len(apart)} texts of group {group} are no near copies of the others. {remedy}"
        for text_id in texts:
            right += copy_groups.count_bands(db, text_id, _profile(db, text_id, known).bands())
    if wrong := catalogue.count(db, "bands") - right:
        yield f"{wrong} of the entries by which near copies are found lead to no such text. {remedy}"


def _not_joined(db: Connection, texts: list[int], known: dict[int, Profile]) -> set[int]:
    """Those that no chain of texts that are alike joins to the first."""
    apart, reached = set(texts[1:]), texts[:1]
    while apart and reached:
        own = _profile(db, reached.pop(), known)
        near = {other for other in apart if alike(own, _profile(db, other, known))}
        apart -= near
        reached += near
    return apart
