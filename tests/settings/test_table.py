"""The one table: nothing is read past it, and what it says of itself is so."""

from __future__ import annotations

import re

import pytest

from settings.page import PAGE, page
from settings.setting import Setting
from settings.table import SECTIONS, TABLE
from tests.settings.reading import PACKAGES, ROOT, Read, asked, reads_of, sources

# What an operator wrote as ${NAME} into a file of accounts: a name of the operator's own.
CHOSEN_BY_OPERATORS = {("bot/channels/wechat/accounts.py", "match[1]")}
UNITS = re.compile(r"_(S|MINUTES?|HOURS|DAYS|PORT|MB|TRIES|COUNT|NICENESS|THREADS|BACKLOG|FD|LEVEL|WARNING)(_|$)")


@pytest.mark.slow  # reads all code
def test_nobody_reads_the_environment_past_the_table() -> None:
    """A variable that is not in the table, or is read another way, would be in no documentation and have no check."""
    past = []
    for package, path in sources():
        where = str(path.relative_to(ROOT))
        reads = reads_of(path.read_text(encoding="utf-8"), where) if package != "settings" else []
        past += [read for read in reads if (where, read.name) not in CHOSEN_BY_OPERATORS]
    assert past == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("os.environ.get('NEW', '1')", "NEW"),
        ("os.environ['NEW']", "NEW"),
        ("os.getenv('NEW')", "NEW"),
        ("'NEW' in os.environ", "NEW"),
        ("os.environ.get(NAME)", "NAME"),
        ("values = os.environ", "?"),
        ("list(map(os.environ.get, names))", "?"),
        ("from os import environ", "environ"),
    ],
)
def test_every_way_of_reading_is_seen(code: str, name: str) -> None:
    """The test above would notice each of these."""
    assert reads_of(code, "x.py") == [Read(name, "x.py:1")]


def test_setting_and_handing_on_is_no_reading() -> None:
    """Processes that we start get the environment that we have."""
    code = "os.environ['X'] = '1'\nos.environ.setdefault('X', '1')\nenvironment = {**os.environ, 'X': '1'}"
    assert reads_of(code, "x.py") == []


def test_the_page_is_the_table_s() -> None:
    """docs/settings.md says what holds; `python -m settings` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_setting_stands_once_under_its_own_name() -> None:
    """Also older names are nobody else's."""
    listed = [setting for section in SECTIONS.values() for setting in section]
    names = [name for setting in listed for name in (setting.name, *setting.formerly)]
    assert len(names) == len(set(names)) and len(TABLE) == len(listed)


@pytest.mark.parametrize("setting", TABLE.values(), ids=TABLE.keys())
def test_a_setting_is_explained_in_both_languages(setting: Setting[object]) -> None:
    """A help line in Chinese, one in English, and somebody who reads it."""
    assert re.search("[一-鿿]", setting.zh) and not re.search("[一-鿿]", setting.en) and setting.en
    assert setting.readers


@pytest.mark.parametrize("setting", TABLE.values(), ids=TABLE.keys())
def test_a_number_has_its_unit_in_its_name(setting: Setting[object]) -> None:
    """Seconds or minutes, tries or threads: nobody has to guess."""
    if isinstance(setting.default, (int, float)) and not isinstance(setting.default, bool):
        assert UNITS.search(setting.name)


@pytest.mark.parametrize("setting", TABLE.values(), ids=TABLE.keys())
def test_a_default_is_allowed(setting: Setting[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes the default out gets the default."""
    shown = re.fullmatch("`([^`]*)`", setting.unset)
    text = shown[1] if shown else "" if setting.unset else setting.written
    if text and not re.search("[A-Z]+_[A-Z]+", text):  # composed of others
        monkeypatch.setenv(setting.name, text)
        assert setting.read() == setting.default


@pytest.mark.slow  # reads all code
def test_readers_are_those_who_read() -> None:
    """Of our packages, exactly those that ask the table for it are named."""
    found = asked(frozenset(TABLE))
    named = {name: set(setting.readers) & {*PACKAGES, "scripts"} for name, setting in TABLE.items()}
    assert {name: found.get(name, set()) for name in TABLE} == named


@pytest.mark.parametrize("file", ["endpoints.yml", "deploy/endpoints-scaled.yml"])
def test_rasa_s_files_name_settings_of_the_table(file: str) -> None:
    """What Rasa fills in for `${NAME}`."""
    for name in re.findall(r"\$\{(\w+)\}", (ROOT / file).read_text(encoding="utf-8")):
        assert name in TABLE and {"bot", file} & set(TABLE[name].readers), name


def test_the_readme_and_the_guides_lead_to_the_page() -> None:
    """Nobody has to find the table in the code."""
    for guide in ("README.md", "docs/conversations.md", "docs/review-console.md", "docs/widget.md", "docs/wechat.md"):
        assert "settings.md" in (ROOT / guide).read_text(encoding="utf-8"), guide
