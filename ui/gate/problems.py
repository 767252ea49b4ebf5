"""What a client of the HTTP interface is told where something fails: one shape under /api, OpenAI's own under /v1."""

from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from shawahid.ingest.errors import (
    ArticleUnknown,
    InputError,
    LibraryBusy,
    LibraryReadOnly,
    ShawahidError,
    UploadTooLarge,
)
from shawahid.prompts import phrases, say
from shawahid.ui.desk import UploadsBusy
from shawahid.ui.questions.answering import TooManyQuestions
from shawahid.ui.questions.conversation_types import ConversationUnknown
from shawahid.ui.told import details_without_folders, told_problem

from .requests import language_wanted

PROGRAMS = ("/api/", "/v1/", "/mcp", "/gradio_api/", "/health", "/ready")
"""What the paths begin with by which programs ask; all others are the page's."""
_RETRY_SECONDS = 5
_STATUS: dict[type[ShawahidError], int] = {
    ArticleUnknown: 404,
    ConversationUnknown: 404,
    LibraryBusy: 409,
    LibraryReadOnly: 409,
    UploadTooLarge: 413,
    TooManyQuestions: 429,
    UploadsBusy: 429,
}
_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
}
_TOLD = {
    400: "The request cannot be read.",
    401: "Who sends this has not signed in.",
    403: "The role of who sends this does not allow it, or another site made the browser send it; nothing was done.",
    404: "There is no such article, job or address.",
    408: "The request did not come in time.",
    409: "Another process writes to the library, so try again later; or it is a snapshot, which is only read.",
    413: "The request is too large.",
    422: "What was given cannot be taken; details tells why.",
    429: "Too much was asked in a minute, or too many questions or files are waiting; try again later.",
    500: "Something broke on the server's side.",
    503: "The library or a model that it needs cannot be used now, or the server is ending.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request failed: a code for programs, English for people, and what the two are about."""

    error: str
    message: str
    details: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is refused, where no kind of ShawahidError says why."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.problem = Problem(code, message, {name: str(value) for name, value in details.items()})


def declared(*statuses: int, model: Any = Problem) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI is told of the errors that a route can end with, beside those that any can."""
    every = {401, 403, 500, 503, *statuses, *({408} if 413 in statuses else ())}
    return {status: {"model": model, "description": _TOLD[status]} for status in sorted(every)}


def problem_of(error: Exception) -> tuple[int, Problem]:
    """The status that an error is answered with, and what is told of it."""
    if isinstance(error, Refused):
        return error.status, error.problem
    if isinstance(error, ShawahidError):
        known = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), None)
        status = known or (422 if isinstance(error, InputError) else 503)
        message = told_problem(error, "en", folders=False)
        return status, Problem(error.code, message, details_without_folders(error))
    if isinstance(error, RequestValidationError):
        told = {".".join(map(str, one["loc"])): one["msg"] for one in error.errors()}
        return 422, Problem("invalid", "What was given cannot be taken; see the details.", told)
    if isinstance(error, HTTPException):
        code = _CODES.get(error.status_code, "refused")
        return error.status_code, Problem(code, str(error.detail or HTTPStatus(error.status_code).phrase))
    return 500, Problem("internal", "Something broke on the server's side. The log tells what, by the request's id.")


def handle_problems(app: FastAPI) -> None:
    """Have every failure of an app told in its shape."""
    for kind in (ShawahidError, Refused, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, respond)


def respond(request: Request, error: Exception) -> Response:
    """A failure in the shape that the client expects."""
    status, problem = problem_of(error)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 429:
        headers.setdefault("Retry-After", str(_RETRY_SECONDS))
    if not request.url.path.startswith(PROGRAMS):
        return JSONResponse(whole({"problem": _told_on_page(request, error, problem)}), status, headers)
    if request.url.path.startswith("/v1"):
        status = 400 if status == 422 else status
        return JSONResponse(whole(openai_problem(status, problem)), status, headers)
    return JSONResponse(whole(asdict(problem)), status, headers)


def _told_on_page(request: Request, error: Exception, problem: Problem) -> str:
    """In the reader's language; where there is no phrase for it, that something broke."""
    language = language_wanted(request)
    if isinstance(error, ShawahidError):
        return told_problem(error, language, folders=False)
    if problem.error in phrases(language):
        return say(problem.error, language, **problem.details)
    return say("unexpected", language)


def openai_problem(status: int, problem: Problem) -> dict[str, Any]:
    """A problem in OpenAI's shape."""
    kind = "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
    listed = "; ".join(f"{name}: {value}" for name, value in problem.details.items())
    message = listed if problem.error == "invalid" else problem.message
    return {"error": {"message": message, "type": kind, "param": None, "code": problem.error}}


def whole(value: Any) -> Any:
    """JSON without half characters, which have no UTF-8."""
    if isinstance(value, dict):
        return {whole(name): whole(item) for name, item in value.items()}
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
