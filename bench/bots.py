"""The two bots: how each is trained, started and found ready."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ruamel.yaml import YAML

from bench.errors import BenchError
from bench.processes import Command
from knowledge.catalogue.training_data import nlu_examples
from settings.bot import KNOWLEDGE_DIR

ROOT = Path(__file__).resolve().parents[1]
STOCK = Path(__file__).resolve().parent / "stock"
NLU = ROOT / "data" / "nlu"
MODEL_NAME = "bench"
SHORT_EPOCHS = 2  # for development: a full training takes minutes
# What ties a process to an installation: a bot with knowledge of its own reaches none of its databases, queues, accounts.
_INSTALLATION = (
    *("KNOWLEDGE_", "BOT_", "ACTIONS_", "REVIEW_URL", "CONVERSATIONS_", "TRACKER_", "PROGRESS_URL", "RELEASES_"),
    *("WECHAT_", "RABBITMQ_", "REDIS_", "REST_", "WEB_", "PLAN_READER_"),
)
_NO_ACCOUNTS = Path(__file__).resolve().parent / "no-accounts.yml"
_RASA = (sys.executable, "-W", "ignore::DeprecationWarning", "-m", "rasa")


@dataclass(frozen=True)
class Place:
    """Where one start of a bot keeps its files, and its two loopback ports."""

    folder: Path
    bot_port: int
    actions_port: int

    @property
    def address(self) -> str:
        """The bot's URL without a trailing slash."""
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def actions_health(self) -> str:
        """Answers 200 once the action server runs."""
        return f"http://127.0.0.1:{self.actions_port}/health"

    @property
    def environment(self) -> dict[str, str]:
        """The variables both bots' endpoint files and programs read."""
        return {
            "BOT_HOST": "127.0.0.1",
            "BOT_PORT": str(self.bot_port),
            "ACTIONS_HOST": "127.0.0.1",
            "ACTIONS_PORT": str(self.actions_port),
            "TRACKER_DB": str(self.folder / "tracker.sqlite"),
            "CONVERSATIONS_URL": f"sqlite:///{self.folder}/conversations.sqlite",
            "PROGRESS_URL": f"sqlite:///{self.folder}/conversations.sqlite",  # nothing that staff published elsewhere
            "UNDERWAY_DIR": str(self.folder / "underway"),
            "DANGER_WEBHOOK_URL": "",  # no danger that is only tried out reaches those on call
            "DOCUMENTS_DIR": str(self.folder / "documents"),  # a release is judged by itself, without the shelf
            "REST_TOKEN": "",
            "REST_MESSAGES_PER_MINUTE_PER_ADDRESS": "1000000",  # one asker stands for many residents
        }


class Bot(Protocol):
    """What the benchmark asks of either."""

    @property
    def name(self) -> str:
        """`ours` or `stock`."""

    @property
    def model(self) -> Path:
        """The model that `bot` serves."""

    @property
    def ready_path(self) -> str:
        """Answers 200 once the bot is ready."""

    def train(self, folder: Path) -> Command:
        """Trains into `folder` from nothing: no cache."""

    def actions(self, place: Place) -> Command:
        """The action server."""

    def bot(self, place: Place) -> Command:
        """The Rasa server."""


@dataclass(frozen=True)
class OurBot:
    """Our product, started as `make run` starts it, with the model that `make train` left.

    With a `knowledge` folder and an `archive` (the model) it serves exactly these and nothing of the installation that
    started it: no log, no WeChat account, no queue, and so no live corrections either.
    """

    root: Path = ROOT
    name: str = "ours"
    ready_path: str = "/webhooks/web/ready"
    knowledge: Path | None = None
    archive: Path | None = None

    @classmethod
    def of_checkout(cls, root: Path) -> OurBot:
        """What `make train` left in a checkout, and nothing of its installation."""
        return cls(root, knowledge=root / "var" / "knowledge", archive=root / "models" / "ask-qingpu.tar.gz")

    @property
    def model(self) -> Path:
        """`models/ask-qingpu.tar.gz`, or the `archive`."""
        return self.archive or self.root / "models" / "ask-qingpu.tar.gz"

    def train(self, folder: Path) -> Command:
        """As `make train` does. The knowledge store must have been built; building it is not timed."""
        archive = str(folder / f"{MODEL_NAME}.tar.gz")
        return Command((sys.executable, "-m", "bot.model_training", archive), self.root, {})

    def actions(self, place: Place) -> Command:
        """`python -m actions`."""
        return self.command(place, "actions")

    def bot(self, place: Place) -> Command:
        """`python -m bot`."""
        return self.command(place, "bot")

    def command(self, place: Place, module: str, *given: str) -> Command:
        """`python -m module` with what is `given`, where this bot's processes would run."""
        arguments, fixed = (sys.executable, "-m", module, *given), {"BOT_MODEL": str(self.model)}
        if self.knowledge is None:
            return Command(arguments, self.root, place.environment | fixed)
        own = {
            "KNOWLEDGE_DIR": str(self.knowledge),
            "CONVERSATIONS_SECRET_FILE": str(place.folder / "secret"),
            "WECHAT_ACCOUNTS_FILE": str(_NO_ACCOUNTS),
        }
        return Command(arguments, self.root, place.environment | fixed | own, _INSTALLATION)

    def check(self) -> None:
        """Raise `BenchError` if the model or the knowledge store is missing."""
        knowledge = KNOWLEDGE_DIR.read()
        for needed in (self.model, self.root / knowledge / "vocabulary.json"):
            if not needed.exists():
                raise BenchError(f"没有 {needed} — 先运行 make train / is missing: run `make train` first")


@dataclass(frozen=True)
class StockBot:
    """The bot of `bench/stock`, copied to `folder`, trained on our NLU files, run with Rasa's own commands."""

    folder: Path
    nlu: Path = NLU
    name: str = "stock"
    ready_path: str = "/webhooks/rest/"

    @classmethod
    def copied_to(cls, folder: Path, nlu: Path = NLU, *, short_training: bool = False) -> StockBot:
        """A copy of `bench/stock` in `folder`. Raises `BenchError` if the NLU files do not fit it.

        `short_training` trains for `SHORT_EPOCHS` only: as fast and as large when it answers, but no wiser.
        """
        check_intents(nlu, STOCK / "domain.yml")
        shutil.copytree(STOCK, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if short_training:
            config = folder / "config.yml"
            text = config.read_text(encoding="utf-8")
            config.write_text(re.sub(r"(?m)^(\s+epochs:) \d+$", rf"\1 {SHORT_EPOCHS}", text), encoding="utf-8")
        return cls(folder, nlu)

    @property
    def model(self) -> Path:
        """The model trained by `train(folder / "models")`."""
        return self.folder / "models" / f"{MODEL_NAME}.tar.gz"

    def train(self, folder: Path) -> Command:
        """On the stock rules and our NLU files."""
        data = ("--data", "rules.yml", str(self.nlu), "--out", str(folder), "--fixed-model-name", MODEL_NAME)
        return Command(
            (*_RASA, "train", "--quiet", *data), self.folder, {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
        )

    def actions(self, place: Place) -> Command:
        """`python -m rasa_sdk` on the copied `actions.py`."""
        arguments = (sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(place.actions_port))
        loopback = {"SANIC_HOST": "127.0.0.1"}  # rasa-sdk listens on all interfaces otherwise
        return Command(arguments, self.folder, place.environment | loopback)

    def bot(self, place: Place) -> Command:
        """`rasa run` with the copied endpoints and credentials."""
        files = ("--model", str(self.model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml")
        listening = ("--interface", "127.0.0.1", "--port", str(place.bot_port))
        return Command((*_RASA, "run", *files, *listening), self.folder, place.environment)


def check_intents(nlu: Path, domain: Path) -> None:
    """Raise `BenchError` unless the NLU files have examples of exactly the domain's intents."""
    found = {example.label for example in nlu_examples(nlu)}
    known = {name if isinstance(name, str) else next(iter(name)) for name in YAML(typ="safe").load(domain)["intents"]}
    if found != known:
        raise BenchError(
            f"{nlu} 与 {domain} 的意图不一致 / intents differ; 只在前者 / only in the former: "
            f"{sorted(found - known)}; 只在后者 / only in the latter: {sorted(known - found)} — "
            "改 bench/stock 的 domain.yml、rules.yml 和 answers.json / mend bench/stock"
        )
