"""nginx as docs/deploying.md configures it, on a free port of this machine, before a server of the tests."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .waiting import eventually

REPOSITORY = Path(__file__).parents[2]
NAME = "news.example.org"
_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_DOCUMENT = REPOSITORY / "docs" / "deploying.md"
# What the file in the documents leaves to Debian's own: nothing of it is outside the test's folder.
_AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/errors.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""

needs_nginx = pytest.mark.skipif(
    _NGINX is None and not os.environ.get("SHAWAHID_REQUIRE_TOOLS"), reason="nginx is not installed"
)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def configuration() -> str:
    """The server block in the documents."""
    (block,) = re.findall(r"```nginx\n(.*?)```", _DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert isinstance(block, str)
    return block


def make_certificate(folder: Path) -> Path:
    """A certificate for the name in the documents, signed by itself; its key is beside it."""
    certificate = folder / f"{NAME}.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-out", str(certificate), "-keyout", str(certificate.with_suffix(".key"))]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


@contextmanager
def nginx(folder: Path, port: int, behind: int) -> Iterator[None]:
    """nginx on `port` before what listens on `behind`, as the documents say; the certificate lies in `folder`."""
    server = configuration()
    # Every site is asked for its icon, by browsers; above our path it is not ours to give.
    icon = "location = /favicon.ico { return 204; }"
    for told, here in (
        ("location /shawahid/", f"{icon} location /shawahid/"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/ssl/", f"{folder}/"),
        ("127.0.0.1:7860", f"127.0.0.1:{behind}"),
    ):
        assert told in server
        server = server.replace(told, here)
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, server=server), encoding="utf-8")
    assert _NGINX
    process = subprocess.Popen([_NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors.log")])
    try:
        _until_it_listens(process, port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)
    errors = (folder / "errors.log").read_text(encoding="utf-8")
    assert not re.search(r"\[(warn|error|crit|alert|emerg)\]", errors), errors


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "nginx stopped"
            return False
        return True

    eventually(listens, "nginx does not listen")
