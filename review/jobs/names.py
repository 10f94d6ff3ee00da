"""What stages, states and outcomes of jobs are called on pages and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping

STAGE_SECONDS: Mapping[
    str, float
] = {  # in order, with the seconds of a first time on two cores; later ones are measured
    "export": 3.0,
    "knowledge": 300.0,
    "model": 90.0,
    "keep": 2.0,
    "gate": 240.0,
}
STAGE_NAMES: Mapping[str, str] = {
    "": "准备",
    "export": "写出纠正",
    "knowledge": "建知识库",
    "model": "训练模型",
    "keep": "留成版本",
    "gate": "评测",
}
STATUS_NAMES: Mapping[str, str] = {
    "queued": "就要开始",
    "running": "进行中",
    "succeeded": "完成",
    "failed": "没有成功",
    "cancelled": "已取消",
}
KIND_LABELS: Mapping[str, str] = {"train": "训练并评测", "evaluate": "只评测"}
OUTCOME_NAMES: Mapping[str, str] = {
    "kept": "等您评测/发布",
    "passed": "评测通过，等您发布",
    "refused": "评测没有通过，等您处理",
    "known": "内容没有变化",
    "promoted": "已直接上线（此前没有能用的版本）",
}
NIGHTLY = "夜间自动"
