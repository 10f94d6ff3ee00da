"""Rasa's LogisticRegressionClassifier, fitted the way the knowledge's build fits its own (`knowledge/search/regression.py`).

The same model in a fraction of the time: Rasa joins the features of each example by itself and lets scikit-learn
descend on vectors stored as sparse rows. What is predicted is Rasa's, to the last bit, without its checks of a single row;
what is stored are arrays and names, not objects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.sparse import coo_matrix, csr_matrix, hstack

from knowledge.groundwork import settings
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.parallel import in_threads
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_nlu import load_regression, save_regression
from knowledge.search.one_row import Row, RowRegression, dense, side_by_side
from knowledge.search.regression import SplitRows, fit_logistic
from knowledge.search.starts import Start


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRegression(LogisticRegressionClassifier):
    """Options as of Rasa's; `max_iter` and `tol` are upper bounds, the descent ends by itself."""

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        if examples:
            labels = np.array([e.get(INTENT) for e in examples])
            self.__dict__.pop("_regression", None)
            rows = _rows(examples)
            in_threads([lambda: fit_logistic(SplitRows(rows), labels, self.clf, start=_start(rows.shape[1]))])
            self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the intents of each message, the likeliest first; a message without both kinds of features is Rasa's to read."""
        for message in messages:
            features = message.get_sparse_features(TEXT)[1], message.get_dense_features(TEXT)[1]
            if None in features:
                super().process([message])
                continue
            shares = self._regression.shares(_row(*features)).tolist()
            ranking = [{"name": name, "confidence": share} for name, share in zip(self.clf.classes_.tolist(), shares)]
            ranking.sort(key=lambda each: -each["confidence"])
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self.config[RANKING_LENGTH] or None], add_to_output=True)
        return messages

    @cached_property
    def _regression(self) -> RowRegression:
        return RowRegression(self.clf)

    def persist(self) -> None:
        """Keep what predicting needs."""
        with self._model_storage.write_to(self._resource) as folder:
            save_regression(self.clf, folder)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentRegression:
        """What `train` has kept in the model. Raises `FileUnreadable`."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept, clf = load_regression(folder), component.clf
        clf.classes_, clf.coef_, clf.intercept_ = kept.classes_, kept.coef_, kept.intercept_
        clf.n_features_in_ = kept.coef_.shape[1]
        return component


def _start(width: int) -> Callable[[Sequence[object]], Start | None]:
    """Begin where the build of the knowledge ended: it fits the same model on the same questions, as long as both agree."""
    path = settings.knowledge_paths().models
    try:
        built = KeptModels.load(path).models.intents if path.exists() else None
    except FileUnreadable:  # the next build makes it anew
        built = None
    if built is None or built.model.coef_.shape[1] != width:
        return lambda classes: None
    start, names = Start(built.model.coef_, built.model.intercept_), built.model.classes_.tolist()
    return lambda classes: start if classes == names else None


def _row(counts: Features, vector: Features) -> Row:
    """Word counts and vector of one message, as `_rows` joins them."""
    sparse = counts.features
    return side_by_side(
        [(Row(sparse.col, sparse.data), sparse.shape[1]), (dense(vector.features[0]), vector.features.shape[1])]
    )


def _rows(messages: list[Message]) -> csr_matrix:
    """Word counts and vectors of the sentences, as `LogisticRegressionClassifier._create_X` joins them."""
    counts = _stacked([m.get_sparse_features(TEXT)[1].features for m in messages])
    vectors = np.vstack([m.get_dense_features(TEXT)[1].features for m in messages])
    return hstack([counts, csr_matrix(vectors)]).tocsr()


def _stacked(rows: list[coo_matrix]) -> csr_matrix:
    """Rows `(1, columns)` one under another; scipy's `vstack` checks and copies each of 22,000 several times."""
    ends = np.cumsum([0, *(row.nnz for row in rows)])
    data, columns = np.concatenate([row.data for row in rows]), np.concatenate([row.col for row in rows])
    return csr_matrix((data, columns, ends), shape=(len(rows), rows[0].shape[1]))
