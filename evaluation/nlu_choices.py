"""`python -m evaluation.nlu_choices`: what each step of `config.yml` gains, as a Markdown table for docs/quality.md.

Intents by 5-fold cross-validation on `data/nlu`, topics on the development and the frozen questions; the same
logistic regression as Rasa's LogisticRegressionClassifier on other features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from evaluation.questions import DEV, FROZEN, load_questions
from knowledge.building.sources import Sources
from knowledge.catalogue.training_data import TOPIC_OF_INTENT, nlu_examples
from knowledge.search.finder import Finder
from knowledge.search.intents import SCALE

FOLDS, SEED = 5, 14
Features = Callable[[Sequence[str]], csr_matrix]


class Choices:
    """The features to compare. Texts come as residents typed them."""

    def __init__(self, finder: Finder, texts: Sequence[str]) -> None:
        self._finder = finder
        understood = self._understood(texts)
        self._words = CountVectorizer(analyzer=finder.normalizer.vocabulary.cut).fit(understood)
        self._grams = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4)).fit(understood)

    def named(self) -> dict[str, Features]:
        """Name → what makes the feature rows."""
        return {
            "句向量 sentence vectors": self._vectors,
            "句向量，不归一 without normalising": lambda texts: self._encoded(texts),
            "词数 word counts": lambda texts: self._words.transform(self._understood(texts)),
            "词数和字组 counts and character n-grams": lambda texts: hstack(
                [self._words.transform(self._understood(texts)), self._grams.transform(self._understood(texts))]
            ).tocsr(),
            "句向量和词数 both（config.yml）": lambda texts: hstack(
                [self._vectors(texts), self._words.transform(self._understood(texts))]
            ).tocsr(),
        }

    def _vectors(self, texts: Sequence[str]) -> csr_matrix:
        return self._encoded(self._understood(texts))

    def _encoded(self, texts: Sequence[str]) -> csr_matrix:
        return csr_matrix(np.stack([self._finder.encoder.query(text) for text in texts]) * SCALE)

    def _understood(self, texts: Sequence[str]) -> list[str]:
        return [self._finder.normalizer.normalise(text).text for text in texts]


def main() -> None:
    """Print the table."""
    finder = Finder.open()
    examples = nlu_examples(Sources().nlu)
    texts, labels = [e.text for e in examples], np.array([e.label for e in examples])
    sets = [[q for q in load_questions(path) if q.outcome == "answered" and not q.before] for path in (DEV, FROZEN)]
    print("| | 意图 intents (5-fold) | 主题 topics: dev | frozen |\n|---|---|---|---|")
    for name, features in Choices(finder, texts).named().items():
        rows = features(texts)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, labels)
        right = [float(np.mean(_fitted(rows[a], labels[a]).predict(rows[b]) == labels[b])) for a, b in folds]
        model = _fitted(rows, labels)
        topics = [_topics_right(model, features([q.question for q in s]), [q.topic or "" for q in s]) for s in sets]
        print(f"| {name} | {np.mean(right):.1%} | " + " | ".join(f"{share:.1%}" for share in topics) + " |")
    print(f"\n{len(texts)} examples, {len(set(labels))} intents; questions: dev {len(sets[0])}, frozen {len(sets[1])}")


def _fitted(rows: csr_matrix, labels: NDArray[np.str_]) -> LogisticRegression:
    return LogisticRegression(max_iter=1000, class_weight="balanced").fit(rows, labels)


def _topics_right(model: LogisticRegression, rows: csr_matrix, topics: Sequence[str]) -> float:
    """Share of questions whose most probable topic is right, other intents left out."""
    columns = [i for i, intent in enumerate(model.classes_) if intent in TOPIC_OF_INTENT]
    best = model.predict_proba(rows)[:, columns].argmax(axis=1)
    found = [TOPIC_OF_INTENT[model.classes_[columns[i]]] for i in best]
    return float(np.mean([a == b for a, b in zip(found, topics)]))


if __name__ == "__main__":
    main()
