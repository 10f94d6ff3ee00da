"""Who may read the numbers of a process, and what the numbers may say."""

from __future__ import annotations

import logging

import pytest
from prometheus_client import REGISTRY

from knowledge.published.corrections import Link, LiveCorrections
from monitor import metrics
from monitor.corrections import tell_corrections
from monitor.exposition import Exposition
from tests.monitor.reading import Numbers
from wire.secret_files import SecretRefused

TOKEN = "Zk3-rather-random-9fQx"


@pytest.mark.parametrize(
    ("peer", "headers", "may"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, False),  # a proxy on this machine: somebody is behind it
        ("127.0.0.1", {"Forwarded": "for=203.0.113.7"}, False),
        ("10.0.0.8", {}, False),
        ("", {}, False),
    ],
)
def test_without_a_token_this_machine_alone_may_read(peer: str, headers: dict[str, str], may: bool) -> None:
    """And nobody whom a proxy lets in."""
    assert Exposition("bot").may_read(peer, headers) is may


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.8"])
def test_with_a_token_who_bears_it_may_read(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From wherever; without it not even this machine."""
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    exposition = Exposition("bot")
    assert exposition.may_read(peer, {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"})
    assert not exposition.may_read(peer, {"Authorization": f"Bearer {TOKEN}x"}) and not exposition.may_read(peer, {})


def test_a_token_that_protects_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As every other secret of the product."""
    monkeypatch.setenv("METRICS_TOKEN", "12345678")
    with pytest.raises(SecretRefused, match="METRICS_TOKEN"):
        Exposition("bot")


def test_what_is_looked_up_is_of_the_moment_of_asking() -> None:
    """`look` is called for each reading."""
    values = iter([3, 4])
    exposition = Exposition("console", lambda: metrics.OPEN_REQUESTS.set(next(values)))
    told = [Numbers.read(exposition.text().decode()).of_name("ask_qingpu_open_requests") for _ in range(2)]
    assert told == [3, 4]


def test_corrections_have_a_checksum_and_no_words() -> None:
    """The same for the same corrections, another for others; what they say is nowhere."""

    def told(*corrections: Link) -> tuple[float, str]:
        tell_corrections(LiveCorrections(corrections))
        text = Exposition("bot").text().decode()
        return Numbers.read(text).of_name("ask_qingpu_corrections_version"), text

    one, again, other = (told(Link("绣球花开了没有", commitment)) for commitment in ("c-1", "c-1", "c-2"))
    assert one[0] == again[0] != other[0] and "绣球花" not in other[1]
    assert Numbers.read(other[1]).of_name("ask_qingpu_corrections", kind="questions") == 1


def test_every_number_begins_with_the_product_s_name_and_has_few_labels() -> None:
    """None of the labels could hold what somebody sent."""
    ours = [each for each in vars(metrics).values() if hasattr(each, "_labelnames")]
    assert len(ours) > 20
    allowed = {
        "channel",
        "outcome",
        "stage",
        "method",
        "route",
        "status",
        "level",
        "kind",
        "result",
        "what",
        "state",
        "step",
    }
    assert {label for each in ours for label in each._labelnames} <= allowed
    assert all(each._name.startswith("ask_qingpu_") and each._documentation for each in ours)
    assert {name for name in REGISTRY._names_to_collectors if name.startswith("process_")}  # memory, processor time


def test_warnings_and_errors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs them; what is only told is not."""
    from monitor.lines import set_up

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up()
        before = Numbers.read(Exposition("bot").text().decode())
        for write in (root.info, root.warning, root.error, root.error):
            write("of a test")
        after = Numbers.read(Exposition("bot").text().decode())
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    name = "ask_qingpu_log_lines_total"
    grown = {each: after.of_name(name, level=each) - before.of_name(name, level=each) for each in ("WARNING", "ERROR")}
    assert grown == {"WARNING": 1, "ERROR": 2} and after.of_name(name, level="INFO") == 0
