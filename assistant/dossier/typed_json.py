"""JSON back into the frozen dataclasses that it was made from, with nothing missing, left over or of another kind."""

from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from shawahid.ingest.types import LONE_SURROGATE


class Malformed(ValueError):
    """What does not fit, and where."""


def from_json(kind: Any, value: object, place: str) -> Any:
    """`value` as a `kind`: a dataclass, a tuple, a choice, or plain text, number or truth value. Raises Malformed."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _dataclass(kind, value, place)
    if origin is tuple:
        return _tuple(get_args(kind), value, place)
    if origin in (Union, UnionType):  # only ever something or None
        (other,) = (choice for choice in get_args(kind) if choice is not type(None))
        return None if value is None else from_json(other, value, place)
    if origin is Literal:
        if value not in get_args(kind) or not isinstance(value, str):
            raise Malformed(f"{place} is {value!r}, none of {', '.join(get_args(kind))}")
        return value
    fits = type(value) is kind or (kind is float and type(value) is int)  # True is an int, but not here
    if not fits:
        raise Malformed(f"{place} is not of the kind {kind.__name__}")
    if isinstance(value, str) and LONE_SURROGATE.search(value):
        raise Malformed(f"{place} holds half a character (a lone surrogate)")
    return value


def _dataclass(kind: Any, value: object, place: str) -> Any:
    if not isinstance(value, dict):
        raise Malformed(f"{place} is not a set of names and values")
    names, hints = [field.name for field in fields(kind)], get_type_hints(kind)
    if missing := [name for name in names if name not in value]:
        raise Malformed(f"{place} lacks {', '.join(missing)}")
    if unknown := [str(name) for name in value if name not in names]:
        raise Malformed(f"{place} has {', '.join(unknown)}, which this program does not know")
    return kind(**{name: from_json(hints[name], value[name], f"{place}.{name}") for name in names})


def _tuple(parts: tuple[Any, ...], value: object, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise Malformed(f"{place} is not a list")
    kinds = [parts[0]] * len(value) if parts[-1] is ... else parts
    if len(kinds) != len(value):
        raise Malformed(f"{place} has {len(value)} items, not {len(kinds)}")
    return tuple(
        from_json(kind, item, f"{place}[{n}]") for n, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )
