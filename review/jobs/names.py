"""What stages, states and outcomes of jobs are called on pages and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.groundwork.progress_bar import STAGES as BUILD_STAGES
from review.database.jobs import BUILD_PLAN, EVALUATE, JUDGE_PLAN, READ_PLAN, TRAIN

STAGE_SECONDS: Mapping[
    str, float
] = {  # in order, with the seconds of a first time on two cores; later ones are measured
    "export": 3.0,
    "knowledge": 300.0,
    "model": 90.0,
    "keep": 2.0,
    "gate": 240.0,
}
PLAN_SECONDS: Mapping[str, float] = {  # the same of adopting a plan of 100 pages: its file, then the build's own stages
    "read": 30.0,
    "reading": 150.0,
    "vectors": 60.0,
    "space": 30.0,
    "intents": 10.0,
    "ranking": 30.0,
    "wording": 10.0,
    "outcomes": 20.0,
    "topics": 1.0,
}
SECONDS_OF: Mapping[str, Mapping[str, float]] = {
    TRAIN: STAGE_SECONDS,
    EVALUATE: {"gate": STAGE_SECONDS["gate"]},
    READ_PLAN: {"read": PLAN_SECONDS["read"]},
    BUILD_PLAN: PLAN_SECONDS,
    JUDGE_PLAN: {"gate": 60.0},
}
STAGE_NAMES: Mapping[str, str] = {
    "": "准备",
    "export": "写出纠正",
    "knowledge": "建知识库",
    "model": "训练模型",
    "keep": "留成版本",
    "gate": "评测",
    "read": "读文件",
    **{name: label.split(" ")[0] for name, label in BUILD_STAGES.items()},
}
STATUS_NAMES: Mapping[str, str] = {
    "queued": "就要开始",
    "running": "进行中",
    "succeeded": "完成",
    "failed": "没有成功",
    "cancelled": "已取消",
}
KIND_LABELS: Mapping[str, str] = {
    TRAIN: "训练并评测",
    EVALUATE: "只评测",
    READ_PLAN: "读一份规划",
    BUILD_PLAN: "给一份规划建库",
    JUDGE_PLAN: "评测一份规划",
}
OUTCOME_NAMES: Mapping[str, str] = {
    "kept": "等您评测/发布",
    "passed": "评测通过，等您发布",
    "refused": "评测没有通过，等您处理",
    "known": "内容没有变化",
    "promoted": "已直接上线（此前没有能用的版本）",
}
NIGHTLY = "夜间自动"
