"""What every route of the page asks of a request: whose it is, in which language, and that it comes from the page."""

import re
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Cookie, Depends, Request, Response

from shawahid.assistant.types import Language
from shawahid.prompts import LANGUAGES

from .users import User

_COOKIE = "shawahid_owner"
_KEPT_SECONDS = 400 * 24 * 3600  # browsers keep none longer
_USER = "user"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def language_wanted(request: Request) -> Language:
    """The language in which who sends a request reads: as was chosen, else as their browser says; English where neither
    says Arabic."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "ar" if wanted[:2].lower() == LANGUAGES[0] else "en"


def sign_in_as(request: Request, user: User | None) -> None:
    """Have the routes know who sends a request."""
    setattr(request.state, _USER, user)


def user_of(request: Request) -> User | None:
    """Who sends a request; None where there is no sign-in, or nobody has signed in."""
    user: User | None = getattr(request.state, _USER, None)
    return user


def may_curate(request: Request) -> bool:
    """Whether who sends it may change the library: whoever it is, where there is no sign-in."""
    user = user_of(request)
    return user is None or user.curates


def _owner(request: Request, response: Response, shawahid_owner: Annotated[str, Cookie()] = "") -> str:
    """Whose conversations these are: the user's, else a random cookie's, given to a browser that has none."""
    if user := user_of(request):
        return f"user:{user.name}"
    if _TOKEN.fullmatch(shawahid_owner):
        return shawahid_owner
    made = secrets.token_urlsafe(32)
    response.set_cookie(_COOKIE, made, max_age=_KEPT_SECONDS, httponly=True, samesite="strict")
    return made


def is_from_elsewhere(request: Request, public: str = "") -> bool:
    """Whether another site made a browser send it; programs that are no browsers don't say where they are.

    `public`: the name, with its port, under which a proxy shows this server. A link that somebody follows is not such a
    request: the other site reads nothing of what it opens, and a GET changes nothing.
    """
    headers = request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc not in (headers.get("host"), public or None):
        return True
    followed = request.method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
    if followed and headers.get("sec-fetch-dest") == "document":
        return False
    return site not in ("same-origin", "none", None)


Owner = Annotated[str, Depends(_owner)]
Wanted = Annotated[Language, Depends(language_wanted)]
MayCurate = Annotated[bool, Depends(may_curate)]
