"""The file of a build in which a finder finds its models: `models.npz`, arrays and JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from knowledge.groundwork import formats
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, mapped_arrays, write_arrays
from knowledge.search.answerability import OutcomeModel, OutcomeModels, WordingModel
from knowledge.search.aspects import AspectModel
from knowledge.search.finder_models import FinderModels
from knowledge.search.intents import IntentModel
from knowledge.search.known import KnownIntents, KnownQuestions
from knowledge.search.plain_parts import (
    counts_of,
    plain_counts,
    plain_regression,
    plain_tfidf,
    regression_of,
    tfidf_of,
)
from knowledge.search.projection import Projection
from knowledge.search.ranking import RankingModel
from knowledge.search.signals import FEATURES
from knowledge.search.unanswered import UnansweredQuestions

FORMAT = formats.MODELS
_PROJECTION = tuple(each.name for each in fields(Projection))


@dataclass(frozen=True)
class KeptModels:
    """What a build keeps for the finder; `fingerprint` says of which build it is."""

    fingerprint: str
    models: FinderModels
    known: KnownQuestions

    def save(self, path: Path) -> None:
        """Write all of it."""
        models = self.models
        parts = {
            "projection": _plain_projection(models.projection),
            "ranking": _plain_ranking(models.ranking),
            "outcomes": _plain_outcomes(models.outcomes) if models.outcomes else None,
            "aspects": plain_regression(models.aspects.model) if models.aspects else None,
            "intents": _plain_intents(models.intents) if models.intents else None,
            "known": _plain_known(self.known),
            "build": Plain({"fingerprint": self.fingerprint, "held_out": models.held_out}),
        }
        write_arrays(path, FORMAT, Plain.joined(parts))

    @classmethod
    def load(cls, path: Path) -> KeptModels:
        """What `save` wrote. Raises `FileUnreadable`, and `KeyError` for a part that is missing."""
        plain = mapped_arrays(path, FORMAT)
        build = plain.about["build"]
        ranking = _ranking(path, plain.part("ranking"))
        outcomes = _outcomes(plain.part("outcomes")) if "outcomes" in plain.about else None
        aspects = None
        if outcomes and "aspects" in plain.about:
            aspects = AspectModel(outcomes.wording, regression_of(plain.part("aspects")))
        intents = _intents(plain.part("intents")) if "intents" in plain.about else None
        models = FinderModels(
            _projection(plain.part("projection")), ranking, outcomes, aspects, intents, build["held_out"]
        )
        return cls(build["fingerprint"], models, _known(plain.part("known")))


def _plain_projection(projection: Projection) -> Plain:
    return Plain({}, {name: getattr(projection, name) for name in _PROJECTION})


def _projection(plain: Plain) -> Projection:
    return Projection(**{name: plain.arrays[name] for name in _PROJECTION})


def _plain_ranking(model: RankingModel) -> Plain:
    arrays = {"mean": model.mean, "scale": model.scale, "weights": model.weights}
    return Plain({"features": list(FEATURES)}, arrays)


def _ranking(path: Path, plain: Plain) -> RankingModel:
    if tuple(plain.about["features"]) != FEATURES:  # the number was not raised: better said than wrongly ranked
        raise FileUnreadable(f"{path.name}: 排序用的信号和这版代码算的不同")
    return RankingModel(plain.arrays["mean"], plain.arrays["scale"], plain.arrays["weights"])


def _plain_outcomes(models: OutcomeModels) -> Plain:
    unanswered = models.unanswered
    kinds = {"silent": unanswered.silent, "outside": unanswered.outside, "contrast": unanswered.contrast}
    return Plain.joined(
        {
            "wording": _plain_wording(models.wording),
            "unanswered": Plain({}, kinds),
            "right": _plain_outcome(models.right),
            "silent": _plain_outcome(models.silent),
            "outside": _plain_outcome(models.outside) if models.outside else None,
        }
    )


def _outcomes(plain: Plain) -> OutcomeModels:
    kinds = plain.part("unanswered").arrays
    return OutcomeModels(
        _wording(plain.part("wording")),
        UnansweredQuestions(kinds["silent"], kinds["outside"], kinds["contrast"]),
        _outcome(plain.part("right")),
        _outcome(plain.part("silent")),
        _outcome(plain.part("outside")) if "outside" in plain.about else None,
    )


def _plain_wording(model: WordingModel) -> Plain:
    return Plain.joined(
        {
            "words": plain_tfidf(model.words),
            "characters": plain_tfidf(model.characters),
            "whole": plain_tfidf(model.whole),
            "regression": plain_regression(model.model),
        }
    )


def _wording(plain: Plain) -> WordingModel:
    words, characters, whole = (tfidf_of(plain.part(name)) for name in ("words", "characters", "whole"))
    return WordingModel(words, characters, whole, regression_of(plain.part("regression")))


def _plain_outcome(model: OutcomeModel) -> Plain:
    about = {"features": list(model.names), "intercept": float(model.intercept)}
    return Plain(about, {"weights": model.weights, "mean": model.mean, "scale": model.scale})


def _outcome(plain: Plain) -> OutcomeModel:
    weights, mean, scale = (plain.arrays[name] for name in ("weights", "mean", "scale"))
    return OutcomeModel(tuple(plain.about["features"]), weights, plain.about["intercept"], mean, scale)


def _plain_intents(model: IntentModel) -> Plain:
    return Plain.joined({"counts": plain_counts(model.counts), "regression": plain_regression(model.model)})


def _intents(plain: Plain) -> IntentModel:
    return IntentModel(counts_of(plain.part("counts")), regression_of(plain.part("regression")))


def _plain_known(known: KnownQuestions) -> Plain:
    return Plain(
        {
            "linked": dict(known.linked),
            "answered": sorted(known.answered),
            "silent": dict(known.silent),
            "intents": known.intents.as_dict(),
        }
    )


def _known(plain: Plain) -> KnownQuestions:
    about = plain.about
    intents = KnownIntents.from_dict(about["intents"])
    return KnownQuestions(about["linked"], frozenset(about["answered"]), about["silent"], intents)
