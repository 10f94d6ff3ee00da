"""The four roles. Each may do all that the ones before it may."""

from __future__ import annotations

from enum import Enum


class Role(str, Enum):
    """viewer 查看 · reviewer 审核 · editor 编辑 · administrator 管理."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    def may_act_as(self, least: Role) -> bool:
        """Whether this role is `least` or above it."""
        order = list(Role)
        return order.index(self) >= order.index(least)


ROLE_NAMES = {
    Role.VIEWER: "查看员",
    Role.REVIEWER: "审核员",
    Role.EDITOR: "编辑",
    Role.ADMINISTRATOR: "管理员",
}
