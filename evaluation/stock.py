"""A stock Rasa FAQ bot on the same questions: JiebaTokenizer, CountVectorsFeaturizer, DIET, response selector.

It learns what our bot learns: every sample question of the catalogue as a retrieval example of its commitment, the
dialogue intents, and the questions on which the plan is silent. Trained once for given inputs; the model is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from evaluation.retrievers import Returned
from knowledge.building.sources import Sources
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import TOPIC_OF_INTENT, grouped_questions, nlu_examples
from knowledge.groundwork import settings

RETRIEVAL = "faq"
SILENT = "not_in_plan"
CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "evaluation-stock",
    "language": "zh",
    "pipeline": [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "DIETClassifier", "epochs": 3, "constrain_similarities": True, "random_seed": 14},
        # With its defaults it does not learn a thousand responses (5 % of its training questions after ten epochs):
        # wider embeddings, no hidden layer and more negatives bring it to 90 % in as many.
        {"name": "ResponseSelector", "retrieval_intent": RETRIEVAL, "epochs": 8, "random_seed": 14,
         "learning_rate": 0.002, "embedding_dimension": 64, "number_of_negative_examples": 100, "scale_loss": False,
         "hidden_layers_sizes": {"text": [], "label": []}},
        {"name": "FallbackClassifier", "threshold": 0.3},
    ],
    "policies": [{"name": "RulePolicy"}],
}  # fmt: skip


@dataclass(frozen=True)
class StockFaq:
    """The trained bot. `find` is what it would reply."""

    agent: Any
    by_key: dict[str, Commitment]
    name: str = "标准 Rasa（jieba + CountVectors + DIET + ResponseSelector）"

    def find(self, text: str) -> Returned:
        """The selected commitment, or a refusal where another intent (or the fallback) is most likely."""
        parsed = asyncio.run(self.agent.parse_message(text or " "))
        intent = parsed["intent"]["name"] or ""
        if not intent.startswith(RETRIEVAL):
            return Returned((), float(parsed["intent"]["confidence"] or 0.0), refused=True)
        ranking = parsed["response_selector"][RETRIEVAL]["ranking"]
        found = tuple(self.by_key[r["intent_response_key"].split("/")[1]] for r in ranking[:3])
        return Returned(found, float(ranking[0]["confidence"]), refused=False)


def stock_faq(commitments: Sequence[Commitment], folder: Path) -> StockFaq:
    """Train it in `folder`, or load what an earlier run with the same inputs left there."""
    curated = [c for c in commitments if c.questions]
    by_key = {c.id: c for c in curated}
    nlu = _nlu(curated)
    domain = {
        "version": "3.1",
        "intents": sorted({block["intent"].split("/")[0] for block in nlu}),
        "responses": {f"utter_{RETRIEVAL}/{c.id}": [{"text": c.headline}] for c in curated},
    }
    texts = {"config.yml": CONFIG, "domain.yml": domain, "nlu.yml": {"version": "3.1", "nlu": nlu}}
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for name, content in texts.items():
        path = folder / name
        with path.open("w", encoding="utf-8") as stream:
            YAML().dump(content, stream)
        digest.update(path.read_bytes())
    model = folder / f"stock-{digest.hexdigest()[:16]}.tar.gz"
    if not model.exists():
        print(
            "训练标准 Rasa 机器人（输入不变时只训一次）/ training the stock bot (once for the same inputs) …",
            flush=True,
        )
        _train(folder, model)
    from rasa.core.agent import Agent

    return StockFaq(Agent.load(str(model)), by_key)


def _nlu(curated: Sequence[Commitment]) -> list[dict[str, str]]:
    examples: dict[str, list[str]] = {f"{RETRIEVAL}/{c.id}": list(c.questions) for c in curated}
    for example in nlu_examples(Sources().nlu):
        if example.label not in TOPIC_OF_INTENT:
            examples.setdefault(example.label, []).append(example.text)
    examples[SILENT] = [q.text for q in grouped_questions(settings.TRAINING / "not_in_plan.yml")]
    return [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in examples.items()
    ]


def _train(folder: Path, model: Path) -> None:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "rasa", "train", "nlu", "--quiet"]
    command += ["--config", "config.yml", "--nlu", "nlu.yml", "--domain", "domain.yml"]
    command += ["--out", ".", "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    subprocess.run(command, cwd=folder, env={**os.environ, **quiet}, check=True)  # noqa: S603
