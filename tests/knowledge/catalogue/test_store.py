"""The store of what was built, on a real server as well: SQLite takes a text of any length, PostgreSQL does not."""

from __future__ import annotations

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.entries import MAX_VOICE_CHARS
from knowledge.catalogue.store import SCHEMA_VERSION, opened, read_store, write_store
from knowledge.document.passages import Passage
from tests.services import postgres

PASSAGE = Passage(
    "建设养老床位。", page=55, line=1, chapter="第九章", section="第四节", heading="（一）养老", kind="body"
)
ASKED = ("养老床位建不建", "长" * MAX_VOICE_CHARS)


@pytest.mark.slow
def test_the_longest_message_of_others_is_kept_on_postgresql() -> None:
    """Word for word, in its place. A server takes 4 s to start."""
    beds = Commitment(
        "c-beds", "elderly_care", "elderly_care", "action", "养老床位", "建设养老床位", PASSAGE, questions=ASKED
    )
    with postgres() as server, opened(server.new_database()) as engine:
        write_store(engine, [PASSAGE], [beds], {"schema_version": SCHEMA_VERSION})
        stored = read_store(engine)
    assert [each.questions for each in stored.commitments] == [ASKED]
