"""After a correction a build fits the intents alone, and looks up everything; after anything else it fits all anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.building.build import build
from knowledge.building.kept_fits import FEW, BuildBefore, KeptFits, ground_of
from knowledge.building.parsed import parse, training_questions
from knowledge.building.sources import Sources, is_current
from knowledge.catalogue.training_data import LabelledQuestion, TrainingQuestions
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.search.finder import Finder
from knowledge.search.folds import text_keys
from knowledge.search.kept_models import KeptModels
from tests.training.project import edit_question, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the small project is trained
NEW = "廉租房到底还有没有得租"  # what `edit_question` adds


class Built:
    """A project's sources, and what was built of them."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.sources = Sources().within(project)
        self.paths = KnowledgePaths.of(project / "var/knowledge")

    def again(self, **options: bool) -> None:
        """Build, in this process."""
        build(self.sources, self.paths, quiet=True, **options)

    def fits(self) -> KeptFits:
        """What the build keeps of its fits."""
        kept = KeptFits.load(self.paths.fits)
        assert kept is not None
        return kept

    def inputs(self) -> tuple[str, TrainingQuestions]:
        """Its ground and its questions, as they are now."""
        parsed = parse(self.sources)
        return ground_of(self.sources.ground(), parsed.commitments), training_questions(self.sources, parsed)

    def before(self) -> BuildBefore | None:
        """What a build of the inputs as they are now would take over."""
        return BuildBefore.to_take_over(self.paths, *self.inputs())


@pytest.fixture
def built(project: Path) -> Built:
    """The small project after its first training."""
    return Built(project)


def shares_of(fits: KeptFits, text: str) -> list[float]:
    """The intents of an example while it was held out."""
    (row,) = np.flatnonzero(fits.examples == text_keys([text])[0])
    return [float(share) for share in fits.shares[row]]


def test_a_correction_takes_over_what_was_fitted(built: Built) -> None:
    """The same ranking, wording and space; intents and everything that is looked up know the new question."""
    before, whole = KeptModels.load(built.paths.models), built.fits()
    assert before.models.outcomes and before.models.intents
    edit_question(built.project)
    built.again(keep_fits=True)
    after, fits = KeptModels.load(built.paths.models), built.fits()
    assert after.models.outcomes and after.models.intents
    assert after.models.ranking.as_dict() == before.models.ranking.as_dict()
    assert np.array_equal(after.models.projection.question_matrix, before.models.projection.question_matrix)
    assert np.array_equal(after.models.outcomes.wording.model.coef_, before.models.outcomes.wording.model.coef_)
    assert not np.array_equal(after.models.intents.model.coef_, before.models.intents.model.coef_)
    assert is_current(built.sources, built.paths) and fits.fingerprint == after.fingerprint
    assert np.array_equal(fits.fitted_on, whole.fitted_on) and fits.changed(built.inputs()[1]) == 1
    finder = Finder.open(built.paths)
    owner = next(c for c in finder.stored.commitments if NEW in c.questions)
    assert finder.find(NEW).candidates[0].commitment.id == owner.id


def test_a_new_example_is_judged_by_the_model_before_it(built: Built) -> None:
    """And so it stays, however many builds follow: none of them held it out."""
    edit_question(built.project)
    built.again(keep_fits=True)
    first = shares_of(built.fits(), NEW)
    assert sum(first) == pytest.approx(1, abs=0.01)
    example = built.project / "data/nlu/dialogue.yml"
    text = example.read_text(encoding="utf-8")
    more, count = re.subn(r"^( *)- 你好$", r"\1- 你好\n\1- 机器人侬好呀", text, count=1, flags=re.MULTILINE)
    assert count == 1
    example.write_text(more, encoding="utf-8")
    built.again(keep_fits=True)
    fits = built.fits()
    assert shares_of(fits, NEW) == first and fits.changed(built.inputs()[1]) == 2


def edit_plan(project: Path) -> None:
    """The plan says one more thing."""
    plan = next(project.glob("knowledge/sources/plan/*.txt"))
    plan.write_text(plan.read_text(encoding="utf-8") + "新建一座天文台。\n", encoding="utf-8")


def edit_topics(project: Path) -> None:
    """Another word for a topic."""
    topics = project / "knowledge/sources/lexicon/topics.yml"
    topics.write_text(topics.read_text(encoding="utf-8") + "# touched up\n", encoding="utf-8")


def lose_fits(project: Path) -> None:
    """A damaged file."""
    (project / "var/knowledge/fits.npz").write_bytes(b"not a file of ours")


def of_another_build(project: Path) -> None:
    """Models that are not those that the fits are of."""
    paths = KnowledgePaths.of(project / "var/knowledge")
    replace(KeptModels.load(paths.models), fingerprint="another").save(paths.models)


@pytest.mark.parametrize("change", [edit_plan, edit_topics, lose_fits, of_another_build])
def test_what_else_changes_is_fitted_anew(built: Built, change: Callable[[Path], None]) -> None:
    """Other sentences, other words, a damaged file, models of another build: nothing is taken over."""
    assert built.before()
    change(built.project)
    assert built.before() is None


def test_more_than_a_few_questions_are_fitted_anew(built: Built) -> None:
    """Counted from the last whole build, whatever was built in between."""
    ground, questions = built.inputs()
    few = int(FEW * len(questions.texts))
    assert few >= 2

    def with_more(count: int) -> TrainingQuestions:
        more = tuple(LabelledQuestion(f"第{n}个问题", questions.nlu[0].label) for n in range(count))
        return replace(questions, nlu=(*questions.nlu, *more))

    fits = built.fits()
    assert fits.serve(ground, with_more(few)) and not fits.serve(ground, with_more(few + 2))
    other = replace(questions.nlu[0], label="no_intent_of_then")
    assert not fits.serve(ground, replace(questions, nlu=(other, *questions.nlu[1:])))


def test_who_trains_says_whether(built: Built) -> None:
    """`make train` fits everything; the console's training says that it took over, and from how many questions."""
    edit_question(built.project)
    done = run(built.project, "knowledge", "build", "--keep-fits")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "问句只变了 1 条" in done.stdout and "拟合排序" not in done.stdout
    done = run(built.project, "knowledge", "build", "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "问句只变了" not in done.stdout and "拟合排序" in done.stdout
