"""Settings: a flag before the environment before the file before the default, and what is told of each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shawahid.assistant.configuration import (
    ConfigUnreadable,
    KeyInFile,
    SettingUnknown,
    default_config,
    without_credentials,
)
from shawahid.assistant.settings import SETTINGS, LocalOnly, SettingInvalid, Settings, load_settings, open_library
from shawahid.ingest.pipeline import ingest
from shawahid.ui.commands.main import main

from ..conftest import Run, Write
from ..doubles.fake_openai import FakeOpenAI, fake_openai

Config = Callable[[str], Path]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Write a settings file, and return its path."""

    def write_config(text: str) -> Path:
        path = tmp_path / "settings" / "shawahid.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_config


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with fake_openai() as fake:
        yield fake


# A value for each setting in each place, all different, none the default.
VALUES: dict[str, tuple[object, str, str]] = {
    "library": ("/from/file", "/from/variable", "/from/flag"),
    "embedder": ("openai:file", "openai:variable", "openai:flag"),
    "model": ("file", "variable", "flag"),
    "model_timeout": (1.5, "2.5", "3.5"),
    "model_window": (3000, "4000", "5000"),
    "chroma": ("http://file:8000", "http://variable:8000", "http://flag:8000"),
    "base_url": ("http://file/v1", "http://variable/v1", "http://flag/v1"),
    "strictness": ("strict", "lenient", "strict"),
    "second_opinion": (True, "0", ""),
    "local": (True, "0", ""),
    "users": ("/from/file", "/from/variable", "/from/flag"),
    "rate": (10, "20", "30"),
    "public_url": ("https://file/news", "https://variable/news", "https://flag/news"),
}


def toml(values: dict[str, object]) -> str:
    return "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items())


@pytest.mark.parametrize("item", SETTINGS, ids=lambda item: item.name)
def test_a_flag_comes_before_the_environment_before_the_file_before_the_default(
    item: object, config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (item,) = (known for known in SETTINGS if known is item)
    in_file, in_variable, in_flag = VALUES[item.name]

    def told(*arguments: str) -> tuple[str, str]:
        assert main([*arguments, "config", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["settings"][item.name]
        return str(found["value"]), found["from"]

    monkeypatch.delenv(item.variable, raising=False)
    assert told()[1] == "default"
    path = config(toml({item.name: in_file}))
    named = ("--config", str(path))
    assert told(*named) == (str(in_file), str(path))
    monkeypatch.setenv(item.variable, in_variable)
    switched = item.kind.read(in_variable) if isinstance(in_file, bool) else in_variable
    assert told(*named) == (str(switched), item.variable)
    flag = (item.flag, in_flag) if in_flag else (item.flag,)
    assert told(*named, *flag) == (in_flag or "True", item.flag)


def test_every_setting_of_a_file_reaches_the_settings(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHAWAHID_LIBRARY")
    values = {name: in_file for name, (in_file, _, _) in VALUES.items()} | {"local": False}
    loaded = load_settings(config(toml(values)))
    assert {name: getattr(loaded, name) for name in values} == {
        **values,
        "library": Path("/from/file"),
        "users": Path("/from/file"),
    }


def test_the_file_is_named_or_the_user_s_own(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().model is None
    default_config().parent.mkdir(parents=True)
    default_config().write_text('model = "the user\'s"', encoding="utf-8")
    assert load_settings().model == "the user's"
    monkeypatch.setenv("SHAWAHID_CONFIG", str(config('model = "named"')))
    assert load_settings().model == "named"
    assert load_settings(default_config()).model == "the user's"
    monkeypatch.setenv("SHAWAHID_CONFIG", "/dev/null")
    assert load_settings().model is None


def test_a_folder_in_a_file_is_looked_for_from_the_file(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHAWAHID_LIBRARY")
    path = config('library = "news"')
    assert load_settings(path).library == path.parent / "news"
    config('library = "~/news"')
    assert load_settings(path).library == Path.home() / "news"


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ('modle = "m"', SettingUnknown, "“modle”, which is no setting. The nearest is “model”"),
        ("SHAWAHID_LOCAL = true", SettingUnknown, "The nearest is “local”"),
        ('model-timeout = "m"', SettingUnknown, "The nearest is “model_timeout”"),
        ("[strict]\nness = 1", SettingUnknown, "The nearest is “strictness”"),
        ('model_timeout = "soon"', SettingInvalid, "model_timeout in PATH cannot be “soon”: give a number"),
        ("model_timeout = nan", SettingInvalid, "give a number, at least 0.1"),
        ("model_timeout = true", SettingInvalid, "give a number, at least 0.1"),
        ("model_window = 12", SettingInvalid, "give a whole number, at least 2000"),
        ("model_window = 9000.5", SettingInvalid, "give a whole number"),
        ('local = "yes"', SettingInvalid, "local in PATH cannot be “yes”: say true or false"),
        ("local = 1", SettingInvalid, "say true or false"),
        ("model = 3", SettingInvalid, "model in PATH cannot be “3”: give text"),
        ('model = ["sk-1"]', SettingInvalid, "“***”"),
        ('strictness = "loose"', SettingInvalid, "choose from strict, balanced, lenient"),
        ('base_url = "localhost:11434"', SettingInvalid, "give an address such as"),
        ('base_url = "http://host:port/v1"', SettingInvalid, "give an address such as"),
        ("model = m", ConfigUnreadable, "line 1"),
        ('model = "m"\nmodel = "n"', ConfigUnreadable, "overwrite"),
        ('openai_api_key = "sk-1"', KeyInFile, "set OPENAI_API_KEY in the environment"),
        ('OPENAI_API_KEY = "sk-1"', KeyInFile, "copied, shared and backed up"),
        ('token = "sk-1"', KeyInFile, "“token”"),
        ('base_url = "http://me:sk-1@host/v1"', KeyInFile, "“base_url”"),
    ],
)
def test_a_file_that_is_wrong_is_refused(config: Config, text: str, error: type[Exception], told: str) -> None:
    path = config(text)
    with pytest.raises(error) as raised:
        load_settings(path, library="/given", model="given")
    assert told.replace("PATH", str(path)) in str(raised.value)
    assert str(path) in str(raised.value)
    assert "sk-1" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigUnreadable, match="no such file"):
        load_settings(tmp_path / "none.toml")
    monkeypatch.setenv("SHAWAHID_CONFIG", str(tmp_path))
    with pytest.raises(ConfigUnreadable, match="directory"):
        load_settings()


def test_a_file_as_editors_save_it(config: Config) -> None:
    path = config("")
    path.write_bytes('\ufeffmodel = "نموذج"\r\nembedder = ""\r\n'.encode())
    loaded = load_settings(path)
    assert (loaded.model, loaded.embedder) == ("نموذج", None)
    path.write_bytes(b'model = "\xe4"')
    with pytest.raises(ConfigUnreadable, match="utf-8"):
        load_settings(path)


def test_a_name_that_is_no_setting() -> None:
    with pytest.raises(TypeError, match="'strictness'"):
        load_settings(stricness="strict")


def test_what_is_secret_is_not_shown(shawahid: Run) -> None:
    secret = {"OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "https://me:sk-2@example.org/v1?key=sk-3"}
    shown = shawahid("config", **secret).stdout + shawahid("config", "--json", **secret).stdout
    assert "sk-" not in shown
    assert "https://example.org/v1  (OPENAI_BASE_URL)" in shown
    assert "***  (OPENAI_API_KEY)" in shown
    refused = shawahid("config", check=1, OPENAI_BASE_URL="me:sk-2@example.org")
    assert "sk-2" not in refused.stderr


def test_without_credentials() -> None:
    assert without_credentials("http://127.0.0.1:11434/v1") == "http://127.0.0.1:11434/v1"
    assert without_credentials("http://me@[::1]:80/v1#sk") == "http://[::1]:80/v1"


def test_config_tells_of_settings_that_contradict_each_other(shawahid: Run, config: Config) -> None:
    named = ("--config", str(config('local = true\nmodel = "m"')))
    assert "shawahid config" in shawahid(*named, "status", check=1).stderr
    shown = shawahid(*named, "config").stdout
    assert f"local           true  ({named[1]})" in shown
    assert f"model           m  ({named[1]})" in shown
    assert "local           false  (--local)" in shawahid(*named, "--no-local", "config").stdout


def test_local_names_the_host_that_the_file_says(config: Config) -> None:
    path = config('local = true\nmodel = "m"\nbase_url = "http://example.org:81/v1"')
    with pytest.raises(LocalOnly, match=r"at example\.org:81"):
        load_settings(path)


def test_text_goes_to_the_server_that_the_file_names_and_no_other(
    shawahid: Run, config: Config, write: Write, server: FakeOpenAI
) -> None:
    wrong = {"OPENAI_BASE_URL": ""}  # were the file's address lost on the way, OpenAI's own would be asked, in vain
    path = config(toml({"base_url": server.url, "embedder": "openai:any", "model": "test-model"}))
    named = ("--config", str(path))
    articles = write("a.txt", "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد.")
    shawahid(*named, "ingest", str(articles), **wrong)
    shawahid(*named, "ask", "متى افتتحت الجامعة المرصد؟", **wrong)
    assert f"127.0.0.1:{server.server_port} receives" in shawahid(*named, "status", **wrong).stdout
    embedded = len(server.texts)
    assert embedded >= 2
    shawahid(*named, "doctor", **wrong)
    assert server.chats
    shawahid(*named, "rebuild", "--embed", **wrong)
    assert len(server.texts) > embedded
    squad = {
        "id": "1",
        "question": "متى افتتحت الجامعة المرصد؟",
        "answers": [{"text": "يوم الأحد", "answer_start": 51}],
    }
    paragraph = {"context": "افتتحت الجامعة المرصد الفلكي الجديد على تلة القمر يوم الأحد.", "qas": [squad]}
    gold = write("squad.json", json.dumps({"data": [{"title": "t", "paragraphs": [paragraph]}]}))
    embedded = len(server.texts)
    shawahid(*named, "eval", str(gold), **wrong)
    assert len(server.texts) > embedded


def test_settings_made_by_hand_read_nothing_from_outside(tmp_path: Path, write: Write, server: FakeOpenAI) -> None:
    settings = Settings(tmp_path / "library", embedder="openai:any", base_url=server.url)
    with open_library(settings, create=True) as library:
        ingest(library, [write("a.txt", "افتتحت الجامعة المرصد.")])
    assert server.texts
