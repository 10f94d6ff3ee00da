"""The store of a plan that the repository did not bring: without what staff said of the repository's plan."""

from __future__ import annotations

from dataclasses import replace

from knowledge.building.build import build
from knowledge.building.sources import Sources
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.search.kept_models import KeptModels


def build_of_other_plan(sources: Sources, paths: KnowledgePaths, *, quiet: bool = False) -> int:
    """Build it; the number of its commitments. Raises `KnowledgeError`.

    That the plan is silent on a question was said of the plan in the repository: of this one nobody said it, and very likely
    it answers some of them.
    """
    count = build(sources, paths, quiet=quiet)
    if sources.teacher:
        kept = KeptModels.load(paths.models)
        KeptModels(kept.fingerprint, kept.models, replace(kept.known, silent={})).save(paths.models)
    return count


def knows_another_plans_silence(paths: KnowledgePaths) -> bool:
    """Whether a store was built before that was left out: it has to be built again before it serves alone."""
    return bool(KeptModels.load(paths.models).known.silent)
