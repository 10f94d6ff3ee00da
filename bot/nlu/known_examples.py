"""After the classifier: a message in the very words of a training example has that example's intent."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.question_tokenizer import UNDERSTOOD
from knowledge.search.kept_nlu import load_known, save_known
from knowledge.search.known import KnownIntents

_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnownExamples(GraphComponent, IntentClassifier):
    """Believes an example before the classifier's guess; which wins where two claim the same words, `knowledge.search.known` says.

    A classifier has to come before, whose ranking it changes; the ranking stays a distribution over all intents, best
    first. (Not in `required_components`: Rasa wants those while training too, where this needs only the tokenizer.)
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, known: KnownIntents) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._known = known

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer comes before: examples are known as they are understood."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnownExamples:
        """Knows nothing until it is trained."""
        return cls(model_storage, resource, KnownIntents())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnownExamples:
        """What `train` has kept in the model. Raises `FileUnreadable`."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, load_known(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the understood text of every example, in the order of the training data."""
        self._known = KnownIntents.of((_text(e), e.get(INTENT)) for e in training_data.intent_examples)
        with self._model_storage.write_to(self._resource) as folder:
            save_known(self._known, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the known intent first."""
        for message in messages:
            ranking = message.get(_RANKING) or []
            before = {each[INTENT_NAME_KEY]: float(each[PREDICTED_CONFIDENCE_KEY]) for each in ranking}
            after = self._known.believed(_text(message), before)
            if after == before:
                continue
            ordered = sorted(after.items(), key=lambda pair: -pair[1])
            ranking = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: share} for name, share in ordered]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(_RANKING, ranking, add_to_output=True)
        return messages


def _text(message: Message) -> str:
    understood = message.get(UNDERSTOOD)
    return str(understood["text"] if understood else message.get(TEXT) or "")
