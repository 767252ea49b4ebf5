"""Panics of native code as errors: pyo3's PanicException is no Exception, so no handler of ours would see it."""

from collections.abc import Iterator
from contextlib import contextmanager

_MODULE = "pyo3_runtime"  # it cannot be imported


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Raise ValueError where native code (tantivy, Chroma) panics, which it does on damaged files."""
    try:
        yield
    except BaseException as error:
        if type(error).__module__ != _MODULE:
            raise
        raise ValueError(f"native code gave up ({error})") from error
