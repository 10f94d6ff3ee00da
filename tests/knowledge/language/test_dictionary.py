"""The mapped dictionary against jieba's own: what is cut, how often words were met, which parts of speech they get."""

from __future__ import annotations

import random
from pathlib import Path

import jieba
import jieba.posseg
import pytest
from jieba.posseg.viterbi import viterbi

from knowledge.language.dictionary import WordCutter, prepared_dictionary, shared_dictionary, tagger
from knowledge.language.tagging import RunTagger

TERMS = ("养老机构床位", "家门口", "民心工程", "长者照护之家", "示范区线", "𠮷野家")
TEXTS = (
    "到2025年养老院床位有多少张",
    "小孩两岁有没有托班可以上，徐泾这边",
    "优化床位供给结构，持续增加专业性照护床位供给，养老机构护理型床位占比达到60%。",
    "家门口的示范区线什么时候通车？abc 5G 3.5公里",
    "张三丰住在华新镇，他说蜻蜓点水般的魑魅魍魉",
    "𠮷野家养老𠮷",
    "\n养老\r\n院 ",
    "嗯",
    "",
)


@pytest.fixture(scope="module")
def jiebas_own() -> jieba.Tokenizer:
    """jieba's tokenizer over its own dicts."""
    own = jieba.Tokenizer()
    own.initialize()
    for term in TERMS:
        own.add_word(term)
    return own


@pytest.fixture(scope="module")
def cutter() -> WordCutter:
    """Ours."""
    return WordCutter(TERMS)


@pytest.mark.parametrize("hmm", [True, False])
def test_texts_are_cut_as_jieba_cuts_them(jiebas_own: jieba.Tokenizer, cutter: WordCutter, hmm: bool) -> None:
    """With and without its guesses at words that no dictionary has."""
    for text in TEXTS:
        assert list(cutter.cut(text, HMM=hmm)) == list(jiebas_own.cut(text, HMM=hmm))
        assert list(cutter.cut_for_search(text, HMM=hmm)) == list(jiebas_own.cut_for_search(text, HMM=hmm))
        for mode in ("default", "search"):
            assert list(cutter.tokenize(text, mode, hmm)) == list(jiebas_own.tokenize(text, mode, hmm))


def test_words_were_met_as_often_and_added_ones_count(jiebas_own: jieba.Tokenizer, cutter: WordCutter) -> None:
    """Words, beginnings of words, and what is neither."""
    pieces = {text[a:b] for text in (*TEXTS, *TERMS) for a in range(len(text)) for b in range(a + 1, len(text) + 1)}
    assert {piece: cutter.FREQ.get(piece) for piece in pieces} == {p: jiebas_own.FREQ.get(p) for p in pieces}
    assert cutter.total == jiebas_own.total
    assert all(cutter.FREQ.get(term) for term in TERMS)


def test_words_get_the_parts_of_speech_that_jieba_gives(
    jiebas_own: jieba.Tokenizer, cutter: WordCutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of its dictionary and those that it guesses, by its own search."""
    tagged = [[(each.word, each.flag) for each in tagger(cutter).cut(text)] for text in TEXTS]
    monkeypatch.setattr(jieba.posseg, "viterbi", viterbi)
    theirs = jieba.posseg.POSTokenizer(jiebas_own)
    assert tagged == [[(each.word, each.flag) for each in theirs.cut(text)] for text in TEXTS]


def test_the_search_for_parts_of_speech_finds_what_jiebas_finds() -> None:
    """The same states and the same sum, of usual characters, rare ones and those that jieba never met, in any order."""
    posseg = jieba.posseg
    tables = posseg.char_state_tab_P, posseg.start_P, posseg.trans_P, posseg.emit_P
    ours = RunTagger(*tables)
    chance = random.Random(14)
    characters = [*"的吗呢怎么能办徐泾龘魑魅𠮷一二三", *sorted(tables[0])[::100], *map(chr, range(0x4E00, 0x9FD5, 800))]
    runs = ["".join(chance.choice(characters) for _ in range(chance.randint(1, 7))) for _ in range(300)]
    assert [ours(run) for run in runs] == [viterbi(run, *tables) for run in runs]


def test_a_file_of_another_version_gives_way(tmp_path: Path) -> None:
    """It is written anew, and read the same."""
    (tmp_path / "words-0.1-0.npz").write_bytes(b"old")
    dictionary = prepared_dictionary(tmp_path)
    assert dictionary.count("养老院") == shared_dictionary().count("养老院")
    assert dictionary.get("养老院", "x") == "nr" == shared_dictionary().get("养老院", "x")
    assert [path.name == "words-0.1-0.npz" for path in tmp_path.iterdir()] == [False]
