"""What the training of the model takes a shorter way to is what Rasa's own way leads to."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix, vstack

from bot.model_training import ReadOnce, putting_together_quickly
from bot.nlu.intent_regression import _stacked
from bot.nlu.word_counts import WordCounts

PROJECT = {
    "config.yml": "recipe: default.v1\nlanguage: zh\npipeline: []\npolicies: []\n",
    "domain.yml": 'version: "3.1"\nintents: [ask, greet]\nactions: [action_answer]\n',
    "data/nlu.yml": 'version: "3.1"\nnlu:\n- intent: ask\n  examples: |\n    - 床位有多少\n    - 床位有多少\n    - 托班怎么报\n'
    "- intent: greet\n  examples: |\n    - 你好\n- synonym: 养老院\n  examples: |\n    - 老人院\n",
    "data/rules.yml": 'version: "3.1"\nrules:\n- rule: answer\n  steps:\n  - intent: ask\n  - action: action_answer\n',
}


def test_rows_are_stacked_as_scipy_stacks_them() -> None:
    """Empty rows, single counts and several, in the order of the examples."""
    rows = [coo_matrix(np.array([values])) for values in ([0, 2, 1], [0, 0, 0], [3, 0, 0], [0, 0, 1])]
    ours, scipys = _stacked(rows), vstack(rows).tocsr()
    assert ours.shape == scipys.shape and (ours != scipys).nnz == 0


def test_examples_read_once_are_those_of_rasa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same examples in the same order, each once, with what stands beside them; the other language changes nothing."""
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    rasas = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    usual, domain = rasas.get_nlu_data("zh"), rasas.get_domain()
    with putting_together_quickly():
        ours = ReadOnce.load_from_config("config.yml", "domain.yml", ["data"])
        found = ours.get_nlu_data("zh")
        assert ours.get_nlu_data() is found
        assert ours.get_domain().as_dict() == domain.as_dict()
    assert [e.as_dict() for e in found.training_examples] == [e.as_dict() for e in usual.training_examples]
    assert len(found.nlu_examples) == 3 and found.entity_synonyms == usual.entity_synonyms == {"老人院": "养老院"}
    for rasas_own in (TrainingData.merge, TrainingData.sanitize_examples):
        assert rasas_own.__module__.startswith("rasa.")


def test_counts_of_all_at_once_are_those_of_each(tmp_path: Path) -> None:
    """Words twice, words that nobody knows, none at all: number by number what Rasa counts."""
    learned = _cut("床位 有 多少", "床位 床位 在 哪里", "托班 怎么 报")
    featurizers = [
        kind.create(kind.get_default_config(), LocalModelStorage(tmp_path), Resource(kind.__name__), _context(kind))
        for kind in (CountVectorsFeaturizer, WordCounts)
    ]
    for featurizer in featurizers:
        featurizer.train(TrainingData(learned))
    rasas, ours = (featurizer.process(_cut("哪里 有 床位 床位", "没人 认识", "托班", "")) for featurizer in featurizers)
    for theirs, own in zip(rasas, ours):
        sentence, counted = theirs.get_sparse_features("text")[1], own.get_sparse_features("text")[1]
        assert (sentence is None) == (counted is None)
        if sentence is not None and counted is not None:
            assert sentence.features.dtype == counted.features.dtype
            assert (sentence.features.toarray() == counted.features.toarray()).all()
    assert ours[0].get_sparse_features("text")[1].features.max() == 2


def _cut(*texts: str) -> list[Message]:
    messages = [Message.build(text=text, intent="ask") for text in texts]
    tokenizer: Any = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    return tokenizer.process(messages)  # type: ignore[no-any-return]


def _context(kind: type) -> Any:
    return SimpleNamespace(node_name=kind.__name__, is_finetuning=False)
