"""The three stages: the knowledge, the Rasa model, keeping both as a release. Each does nothing where nothing changed."""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from knowledge.adopting.folder import DOCUMENT as PLAN_DOCUMENT
from knowledge.adopting.folder import MENDED as PLAN_MENDED
from knowledge.adopting.folder import TEXT as PLAN_TEXT
from knowledge.building.sources import Sources, is_current
from knowledge.encoder import text_encoder
from knowledge.groundwork.errors import StoreUnavailable
from knowledge.groundwork.formats import READ
from knowledge.groundwork.progress_lines import tell, wants_lines
from knowledge.groundwork.settings import KnowledgePaths, built_paths
from knowledge.language import dictionary
from releases.errors import NoSuchRelease, ReleaseBroken, ReleaseUnreadable
from releases.release import Release
from releases.shelf import AdoptedPlan, Shelf
from training import telling
from training.children import run_lines, run_ticking
from training.errors import StageFailed
from training.forecast import Forecast, read_line
from training.inputs import (
    MADE_OF,
    MODEL,
    SCRATCH,
    MadeOf,
    knowledge_version_of,
    model_inputs,
    read_made_of,
    write_made_of,
)

BUILD_TIMES = Path("var/build-times.json")  # seconds of each of the build's own stages, the last time
MODEL_S = 90.0  # a first training of the model on two cores; later ones are measured
PER_MILLE = 1000
STORE_FILE = "knowledge.sqlite"
RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def adopted_plan_in_use() -> Release | None:
    """The release that serves, where it answers from a plan that was adopted; None: trainings build the repository's plan.

    Raises `StageFailed` where that plan's own files are not there: no training may fall back to another plan unseen.
    """
    shelf = Shelf()
    serving = _serving(shelf)
    try:
        release = shelf.release(serving) if serving else None
    except (NoSuchRelease, ReleaseBroken):
        return None  # nothing can be served from it any more (`_why_at_once`)
    if release is None or not release.plan:
        return None
    if not (release.sources / PLAN_TEXT).is_file():
        raise StageFailed(
            f"在用的是采用的规划{release.plan}，它的原文不在 {release.sources}：从备份恢复，或先退回以前的版本再训练 "
            "/ an adopted plan serves and its text is gone: restore it, or roll back before a training"
        )
    return release


def make_knowledge(adopted: Release | None = None, *, keep_fits: bool = False) -> str:
    """Build the knowledge, of an adopted plan that serves or of the repository's, unless it is current; returns its version.

    `keep_fits` as in `knowledge.building.build`. Raises `StageFailed`.
    """
    command = [sys.executable, "-m", "knowledge", "build", *(_of_plan(adopted) if adopted else ())]
    command += ["--keep-fits"] if keep_fits else []
    if adopted:
        _take_over(adopted)
    if not wants_lines():
        run_ticking(command)
        return knowledge_version_of(built_paths())
    before, forecast = _built_version(), Forecast(_read_times(), time.monotonic())

    def hand_on(line: str) -> None:
        found = read_line(line)
        if found is None:
            telling.say(line)
            return
        forecast.see(*found, time.monotonic())
        tell("knowledge", min(PER_MILLE - 1, round(forecast.share * PER_MILLE)), PER_MILLE)

    tell("knowledge", 0, PER_MILLE)
    run_lines(command, hand_on)
    version = knowledge_version_of(built_paths())
    if version == before:
        tell("knowledge", 0, 0)
        return version
    _write_times(forecast.measured())
    tell("knowledge", PER_MILLE, PER_MILLE)
    return version


def _of_plan(adopted: Release) -> list[str]:
    """The options of a build that name an adopted plan's files."""
    telling.say(f"在用的是采用的规划{adopted.plan}，照它的原文建库 / an adopted plan serves: its knowledge is built")
    options = ["--plan", str(adopted.sources / PLAN_TEXT), "--document", str(adopted.sources / PLAN_DOCUMENT)]
    mended = _mended(adopted)
    return options + (["--mended", str(mended)] if mended else [])


def _mended(adopted: Release) -> Path | None:
    return next(iter(sorted(adopted.sources.glob(f"{PLAN_MENDED}.*"))), None)


def _take_over(adopted: Release) -> None:
    """Spare the minutes of a build where nothing has changed since the adopted plan was built."""
    plan = Sources.uncurated(adopted.sources / PLAN_TEXT, adopted.sources / PLAN_DOCUMENT)
    sources = replace(plan, mended=_mended(adopted))
    paths = built_paths()
    if not is_current(sources, paths) and is_current(sources, KnowledgePaths.of(adopted.knowledge.absolute())):
        paths.folder.mkdir(parents=True, exist_ok=True)
        files = sorted(
            adopted.knowledge.iterdir(), key=lambda path: path.name == STORE_FILE
        )  # the store last, as a build does
        for path in files:  # a file may be a link to what a release holds: never written into
            side = paths.folder / f"{path.name}.part"
            shutil.copyfile(path, side)
            side.replace(paths.folder / path.name)


def make_model(knowledge_version: str) -> None:
    """Train the Rasa model unless it was made of the same. Raises `StageFailed`, and leaves the old model then."""
    inputs, made_of = model_inputs(knowledge_version), read_made_of()
    if made_of is not None and made_of.inputs == inputs and MODEL.exists():
        telling.say(f"模型已是最新：{MODEL}")
        tell("model", 0, 0)
        return
    expected = made_of.seconds if made_of is not None else MODEL_S
    telling.say(f"训练模型（上次用了 {expected:.0f} 秒）…" if made_of else "训练模型 training the model …")
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    try:
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "bot.model_training"]
        command += [str(SCRATCH / MODEL.name)]
        seconds = _train_quietly(command, expected)
        MADE_OF.unlink(missing_ok=True)  # whoever is ended between the two trains again
        (SCRATCH / MODEL.name).replace(MODEL)
        write_made_of(MadeOf(inputs, round(seconds, 1)))
    finally:
        shutil.rmtree(SCRATCH, ignore_errors=True)
    telling.say(f"模型训练完成，用时 {seconds:.0f} 秒 → {MODEL}")


def _train_quietly(command: list[str], expected_s: float) -> float:
    """Run Rasa; what it and its libraries print (warnings by the dozen) is shown only if it fails. Returns seconds."""
    with (SCRATCH / "rasa.log").open("w+", encoding="utf-8") as output:
        try:
            with telling.TimeBar("model", "模型 model", expected_s) as bar:
                return run_ticking(command, bar.at, RASA, output)
        except StageFailed:
            output.seek(0)
            telling.say(output.read())
            raise


def keep_release(knowledge_version: str, by: str, note: str, adopted: Release | None = None) -> Release | None:
    """Put both on the shelf, and let them serve where nothing does that this code can load; `adopted` is whose plan it is.

    None where the knowledge is on a database server, which no shelf can hold. Raises `ReleaseError`.
    """
    paths = built_paths()
    if paths != KnowledgePaths.of(paths.folder):
        telling.say(f"知识库在 {paths.url}，不在文件夹里：不留版本 / the store is not a file: no release is kept")
        tell("keep", 0, 0)
        return None
    tell("keep", 0, 1)
    shelf = Shelf()
    before, reason = {release.id for release in shelf.releases()}, _why_at_once(shelf)
    release = shelf.keep(
        paths.folder,
        MODEL,
        knowledge_version=knowledge_version,
        formats=READ,
        made_by=by,
        note=note,
        remade=(text_encoder.PREPARED, dictionary.PREPARED),
        adopted=_handed_on(adopted) if adopted else None,
    )
    if adopted and adopted.questions.is_file() and not release.questions.exists():
        shutil.copyfile(adopted.questions, release.questions)
    if reason:
        shelf.promote(release.id, by)
        telling.say(f"版本 {release.id} 已上线：{reason}")
        telling.tell_release(release.id, "promoted")
    elif _serving(shelf) == release.id:
        telling.say(f"没有变化：在服务的就是版本 {release.id} / nothing changed: this release serves already")
        telling.tell_release(release.id, "known")
    else:
        telling.say(
            f"版本 {release.id} 已留好，还没有上线。上线：python -m review promote {release.id} "
            "/ kept, and serves nobody until it is promoted"
        )
        telling.tell_release(release.id, "known" if release.id in before else "kept")
    if gone := shelf.prune():
        telling.say(f"旧版本已清理 removed old releases: {'、'.join(gone)}")
    tell("keep", 1, 1)
    return release


def _handed_on(adopted: Release) -> AdoptedPlan:
    return AdoptedPlan(adopted.plan, sorted(adopted.sources.iterdir()), adopted.before)


def _why_at_once(shelf: Shelf) -> str:
    """Why a new release must serve without anybody's decision: no process could load what serves; "" if it must wait."""
    serving = _serving(shelf)
    if not serving:
        return "此前没有版本在服务 / nothing served before"
    try:
        shelf.release(serving).check(READ)
    except ReleaseUnreadable as error:
        return f"在服务的不能再用 / what serves cannot be read：{error}"
    except (NoSuchRelease, ReleaseBroken) as error:
        return f"在服务的版本 {serving} 已不完整 / the serving release is not whole：{error}"
    return ""


def _serving(shelf: Shelf) -> str:
    rollout = shelf.rollout()
    return rollout.serving if rollout else ""


def _built_version() -> str:
    try:
        return knowledge_version_of(built_paths())
    except StoreUnavailable:
        return ""


def _read_times() -> dict[str, float]:
    try:
        data = json.loads(BUILD_TIMES.read_text(encoding="utf-8"))
        return {str(name): float(seconds) for name, seconds in data.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write_times(seconds: dict[str, float]) -> None:
    part = BUILD_TIMES.with_suffix(".part")
    part.write_text(json.dumps(seconds, indent=2), encoding="utf-8")
    part.replace(BUILD_TIMES)
