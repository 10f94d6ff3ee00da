"""What must not become a training example, and why; the words are for the reviewer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.linked import MAX_LINKED_CHARS
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import keys_of
from review.correcting.danger import is_call_for_help
from review.teaching.decisions import LINK, REMOVE, SILENT, UNLINK, WORD, StaffDecision
from review.teaching.errors import SourcesUnusable

EVALUATION_SETS = ("evaluation/questions.yml", "evaluation/dev.yml")
_MASKED = re.compile(r"〔[^〕]{1,12}〕")
_ANNOTATED = re.compile(r"\[[^\]]*\]\s*[({]")  # Rasa reads it as an entity: [青浦](place)


class Refusals:
    """Says why a decision is not taught. `words_of` gives what two ways of typing one question share."""

    def __init__(self, root: Path, commitments: Mapping[str, Commitment], words_of: Callable[[str], str]) -> None:
        self._commitments = commitments
        self._words_of = words_of
        measured = [text for name in EVALUATION_SETS for text in _questions(root / name)]
        self._measured = {key for text in measured for key in keys_of(text, words_of)}

    def why_not(self, decision: StaffDecision) -> str:
        """The reason, "" where nothing speaks against it."""
        if decision.kind == WORD:
            return ""
        text = decision.question
        if decision.plan and decision.kind in (LINK, UNLINK, SILENT):
            return (
                f"说的是采用的规划{decision.plan}，它没有目录可以写：已经即时生效，以后也有效 "
                f"/ it is of the adopted plan {decision.plan}, which has no catalogue to write to: it is live and stays so"
            )
        if decision.kind in (LINK, UNLINK) and decision.commitment_id not in self._commitments:
            return "规划里已没有这条承诺 / the plan has this commitment no more"
        if decision.kind in (UNLINK, REMOVE):
            return ""
        if _MASKED.search(text):
            return "问题里有打码的私人内容，改写后再纠正 / holds masked personal data: reword it"
        if not self._words_of(text):
            return "问题里没有字 / no word in it"
        if is_call_for_help(text):
            return "是求助，危险由专门的规则判断 / a call for help, judged by rules of its own"
        if keys_of(text, self._words_of) & self._measured:
            return "评测集里有这个问题，学了就测不准 / stands in the evaluation set"
        if _ANNOTATED.search(text):
            return "方括号后跟圆括号是 Rasa 的标注，改写后再纠正 / brackets are Rasa's markup: reword it"
        if len(text) > MAX_LINKED_CHARS:
            return f"超过 {MAX_LINKED_CHARS} 字 / more than {MAX_LINKED_CHARS} characters"
        return ""


def _questions(path: Path) -> list[str]:
    """The questions of a set and the turns before them, read as data: what is expected of them is nobody's business here."""
    if not path.exists():
        return []
    try:
        items = load_mapping(path)[0]["questions"]
        return [str(text) for item in items for text in (item["question"], *(item.get("before") or ()))]
    except (CatalogueError, TypeError, KeyError) as error:
        raise SourcesUnusable(path, 0, f"评测集读不懂（{type(error).__name__}）", "恢复它再导出") from error
