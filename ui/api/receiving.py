"""A form's files, written to disk as they come: of an upload no more than a piece is ever in memory."""

from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from shawahid.ui.delivery import Delivery
from shawahid.ui.desk import Desk
from shawahid.ui.gate.problems import Refused

MOST_FILES: Final = 1000  # of one request
_FIELD: Final = b"files"
_SCHEMA: Final = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
            "minItems": 1,
            "maxItems": MOST_FILES,
        }
    },
}
FORM: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _SCHEMA}}}
}
"""What OpenAPI is told of a route that receives files."""


async def receive(request: Request, desk: Desk) -> str:
    """Have the files of a form taken in; returns the job's id. Raises Refused, HTTPException, UploadsBusy, DeskClosed
    and what a Delivery does. Nothing is kept of a request that is refused, or that breaks off."""
    kind, parameters = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raise _without_files()
    with desk.delivery() as delivery:
        try:
            form = _Form(parameters.get(b"boundary", b""), delivery)
            async for piece in request.stream():
                if piece:
                    await run_in_threadpool(form.write, piece)
        except FormParserError as error:
            raise HTTPException(400, "The form cannot be read.") from error
        form.demand_whole()
        return await run_in_threadpool(desk.accept, delivery)


def _without_files() -> Refused:
    told = {"body.files": f"1 to {MOST_FILES} files are needed, in a form (multipart/form-data)"}
    return Refused(422, "invalid", "What was given cannot be taken; see the details.", **told)


class _Form:
    """Hands the files of a form on as they come; its other fields are passed over."""

    def __init__(self, boundary: bytes, delivery: Delivery) -> None:
        if not boundary:
            raise HTTPException(400, "The form cannot be read: its boundary is not told.")
        self._delivery = delivery
        self._files = 0
        self._in_file = self._ended = False
        self._header, self._value, self._disposition = b"", b"", b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._add_to_header,
                "on_header_value": self._add_to_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open,
                "on_part_data": self._take,
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        self._parser.write(piece)

    def demand_whole(self) -> None:
        """Raise where it broke off, or had no file."""
        if not self._ended:
            raise HTTPException(400, "The form breaks off.")
        if not self._files:
            raise _without_files()

    def _begin(self) -> None:
        self._disposition = b""

    def _add_to_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _open(self) -> None:
        _, named = parse_options_header(self._disposition)
        if named.get(b"name") != _FIELD:
            return
        self._files += 1
        if b"filename" not in named or self._files > MOST_FILES:
            raise _without_files()
        self._in_file = True
        self._delivery.begin(named[b"filename"].decode("utf-8", "replace"))

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._delivery.write(data[start:end])

    def _close(self) -> None:
        if self._in_file:
            self._in_file = False
            self._delivery.end()

    def _end(self) -> None:
        self._ended = True
