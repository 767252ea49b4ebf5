"""The subcommand `user`: who may use a server."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from shawahid.assistant.settings import SettingInvalid, Settings
from shawahid.ui.gate.users import ROLES, PasswordsDiffer, Users, add_token, add_user, remove_user

from .plain import line

Command = Callable[[argparse.Namespace, Settings], int]


def add_users(add: Callable[[str, Command, str], argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """What it takes; `shared`: what every command does."""
    actions = add("user", _list, "say who may use the server").add_subparsers(metavar="ACTION")

    def action(name: str, command: Command, text: str, *, role: bool = False) -> None:
        sub = actions.add_parser(name, parents=[shared], help=text, description=f"{text[0].upper()}{text[1:]}.")
        sub.set_defaults(command=command)
        sub.add_argument("name", metavar="NAME")
        if role:
            sub.add_argument("--role", choices=ROLES, default="ask", help="curate may also change the library (ask)")

    action("add", _add, "add someone, with a password that is asked for, or read from a pipe", role=True)
    action("token", _token, "add a program, and print its token", role=True)
    action("remove", _remove, "take someone out, and end their sessions")


def _file(settings: Settings) -> Path:
    if settings.users is None:
        raise SettingInvalid(name="users", value="", remedy="say where the users file is or is to be: --users FILE")
    return settings.users


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    for user in Users(_file(settings)).all():
        print(f"{line(user.name)}\t{user.role}\t{'token' if user.is_program else 'password'}")
    return 0


def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    path = _file(settings)
    add_user(path, arguments.name, arguments.role, _password())
    print(line(f"added {arguments.name} ({arguments.role}) to {path}"))
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise PasswordsDiffer
    return password


def _token(arguments: argparse.Namespace, settings: Settings) -> int:
    token = add_token(_file(settings), arguments.name, arguments.role)
    print(f"The token of {arguments.name} ({arguments.role}), which is told only now:", file=sys.stderr)
    print(token)
    return 0


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    remove_user(_file(settings), arguments.name)
    print(line(f"removed {arguments.name}"))
    return 0
