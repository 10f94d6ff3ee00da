"""What a vocabulary works out once, at its build, is what each process would have worked out by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.language import sounds, vocabulary
from knowledge.language.dictionary import WordCutter
from knowledge.language.vocabulary import Vocabulary

TERMS = ("养老床位", "长者照护之家", "喘息服务", "义务教育学校", "绿道")
TEXTS = ("养老床位到2025年有多少张", "喘息服务怎么申请，长者照护之家在哪里", "义务教育学校的绿道和重庆路")


@pytest.fixture
def derived() -> Vocabulary:
    """Of a few sentences."""
    return Vocabulary.derive(TEXTS, TERMS)


def test_what_is_kept_cuts_and_spells_alike(
    derived: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same cuts, weights and syllables, and none of them worked out again."""
    derived.save(tmp_path / "v.json")
    kept = Vocabulary.load(tmp_path / "v.json")
    assert kept == derived and kept.worked_out and not derived.worked_out
    cut = [derived.cut(text) for text in TEXTS]
    monkeypatch.setattr(WordCutter, "add_word", None)
    monkeypatch.setattr(vocabulary, "syllables", None)
    assert [kept.cut(text) for text in TEXTS] == cut
    assert kept.tokenizer.weights == derived.tokenizer.weights and kept.tokenizer.total == derived.tokenizer.total
    for word in (*derived.counts, *derived.terms):
        assert kept.syllables_of(word) == sounds.syllables(word)


def test_the_same_vocabulary_gives_the_same_bytes(derived: Vocabulary, tmp_path: Path) -> None:
    """Also one that was read."""
    derived.save(tmp_path / "a.json")
    Vocabulary.load(tmp_path / "a.json").save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize("change", ["left out", "of another version"])
def test_earlier_files_and_other_libraries_are_worked_out_anew(
    change: str, derived: Vocabulary, tmp_path: Path
) -> None:
    """A vocabulary of before, and one that another jieba weighed."""
    path = tmp_path / "v.json"
    derived.save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    if change == "left out":
        del data["worked_out"]
    else:
        data["worked_out"] |= {"by": ["0.0", "0.0"], "weights": {}, "spelt": {"绿道": "x"}}
    path.write_text(json.dumps(data), encoding="utf-8")
    kept = Vocabulary.load(path)
    assert kept.worked_out is None and kept.cut(TEXTS[0]) == derived.cut(TEXTS[0])
    assert kept.syllables_of("绿道") == ("lv", "dao")
