"""Turns files into articles, articles into passages, passages into an index: the library on disk.

The package is also the public function `shawahid.ingest`: calling it calls `ingest.pipeline.ingest`.
"""

import sys
from types import ModuleType
from typing import Any


class _CallablePackage(ModuleType):
    """`from shawahid import ingest` gives this package once any module in it is imported; so it can be called, too."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from .pipeline import ingest

        return ingest(*arguments, **named)


sys.modules[__name__].__class__ = _CallablePackage
