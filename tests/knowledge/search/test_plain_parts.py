"""What is kept of scikit-learn's parts predicts as they do, to the last bit, without scikit-learn."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from evaluation.questions import load_questions
from knowledge.search.one_row import RowRegression, TextRow
from knowledge.search.plain_parts import (
    counts_of,
    plain_counts,
    plain_regression,
    plain_tfidf,
    regression_of,
    tfidf_of,
)

TEXTS = [question.question for question in load_questions()]
ODD = ["", " ", "A  B\t\nC", "ＡＢＣ  ab", "养老，养老。养老", "x" * 3, "一", "Ünïcode 123 45", "\u3000 \u3000全角"]
VECTORIZERS = {
    "words in pairs": TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True),
    "characters": TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
    "weighed plainly": TfidfVectorizer(analyzer="char", ngram_range=(1, 2)),
    "counted": CountVectorizer(token_pattern=r"(?u)\b\w+\b"),
}


@pytest.mark.parametrize("name", VECTORIZERS)
def test_texts_are_cut_and_weighed_alike(name: str) -> None:
    """Pieces, rows of many and rows of one."""
    vectorizer = VECTORIZERS[name].fit(TEXTS)
    kept = counts_of(plain_counts(vectorizer)) if name == "counted" else tfidf_of(plain_tfidf(vectorizer))
    cut, own = vectorizer.build_analyzer(), kept.build_analyzer()
    for text in [*TEXTS, *ODD]:
        assert Counter(own(text)) == Counter(cut(text)), text
    rows = vectorizer.transform([*TEXTS, *ODD])
    assert (kept.transform([*TEXTS, *ODD]) != rows).nnz == 0
    one, other = TextRow(kept), TextRow(vectorizer)
    for text in [*TEXTS[:50], *ODD]:
        ours, theirs = one.of(text), other.of(text)
        assert np.array_equal(ours.columns, theirs.columns) and np.array_equal(ours.values, theirs.values)


def test_a_regression_predicts_alike() -> None:
    """Two classes and more."""
    vectorizer = VECTORIZERS["characters"].fit(TEXTS)
    rows = vectorizer.transform(TEXTS)
    for labels in ([len(text) % 2 for text in TEXTS], [f"k{len(text) % 4}" for text in TEXTS]):
        model = LogisticRegression(max_iter=20).fit(rows, labels)
        kept = regression_of(plain_regression(model))
        assert kept.classes_.tolist() == model.classes_.tolist()
        of_kept, of_model, text_row = RowRegression(kept), RowRegression(model), TextRow(vectorizer)
        for at, text in enumerate(TEXTS[:40]):
            shares = of_kept.shares(text_row.of(text))
            assert np.array_equal(shares, of_model.shares(text_row.of(text)))
            assert np.allclose(shares, model.predict_proba(rows[at])[0], atol=1e-12)


@pytest.mark.slow  # a process of its own
def test_what_answers_loads_no_scikit_learn() -> None:
    """The action server; Rasa itself loads some of it in the bot."""
    code = "import sys, actions.answering; print('sklearn' in sys.modules, 'scipy.optimize' in sys.modules)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"], done.stdout + done.stderr
