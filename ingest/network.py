"""Whether text may go over the network. Asked where it is sent, so that no way there misses it."""

import ipaddress
import os
from typing import Final
from urllib.parse import urlsplit

from .errors import InputError

LOCAL_VARIABLE: Final = "SHAWAHID_LOCAL"
_ALLOWING = frozenset(("", "0", "no", "false"))


class LocalOnly(InputError):
    """The network is forbidden, and something was chosen that needs it."""

    code = "local_only"
    template = (
        "--local forbids the network, but {chosen} was chosen, which is at {host}. Leave out one of the two; "
        "nothing was sent. Where each was chosen is told by: shawahid config"
    )


def is_forbidden(local: bool = False) -> bool:
    """Whether nothing may be sent: by a setting, `local`, or else by the environment."""
    return local or os.environ.get(LOCAL_VARIABLE, "").strip().lower() not in _ALLOWING


def demand_network(chosen: str, host: str, *, local: bool = False) -> None:
    """Raise LocalOnly for what was chosen, where nothing may be sent."""
    if is_forbidden(local):
        raise LocalOnly(chosen=chosen, host=host)


def demand_embedder_network(name: str, base_url: str | None, *, local: bool = False) -> None:
    """Raise LocalOnly for an embedder behind a server, where nothing may be sent."""
    if name.startswith("openai:"):
        demand_network(f"the embedder {name}", chosen_host(base_url), local=local)


def server_host(base_url: str) -> str:
    """The host of a server's address, with its port where one is given."""
    return urlsplit(base_url).netloc.rpartition("@")[2] or base_url


def is_here(host: str) -> bool:
    """Whether a host, with its port or without, is this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def chosen_host(base_url: str | None = None) -> str:
    """The host that text would go to, without a client for it."""
    return server_host(base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1")
