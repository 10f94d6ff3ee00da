"""Phrases read as the regular expressions that they replace."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.language.phrase import Phrase, any_of, anything, maybe, one_of

PHRASE = Phrase(
    any_of("问|一下|问一下|到20##年|到"),
    *anything("subject"),
    maybe("的事|的", "kind"),
    any_of("问|呢"),
    one_of("有哪些|哪些|几"),
    any_of("呢|呢吗"),
)
SAME = re.compile(
    r"(?:问|一下|问一下|到20\d\d年|到)*(?P<subject>.+?)(?P<kind>的事|的)?(?:问|呢)*(?:有哪些|哪些|几)(?:呢|呢吗)*"
)
WORDS = st.sampled_from(
    [
        "问",
        "一下",
        "问一下",
        "到",
        "2025年",
        "到2025年",
        "养老",
        "的",
        "的事",
        "事",
        "呢",
        "吗",
        "有",
        "哪些",
        "有哪些",
        "几",
    ]
)


@pytest.mark.slow  # three hundred examples
@given(st.lists(WORDS, max_size=12).map("".join))
@example("问一下到2025年养老的事呢有哪些呢吗")
@example("问哪些")
@settings(max_examples=300, deadline=None)
def test_a_phrase_reads_as_the_regular_expression_does(text: str) -> None:
    """The same texts fit, and the named parts are the same, where fillers overlap and stand in the subject too."""
    match, read = SAME.fullmatch(text), PHRASE.read(text)
    assert read == (match and {name: part or "" for name, part in match.groupdict().items()})
