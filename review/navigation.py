"""The console's menu: address, Chinese label, least role."""

from __future__ import annotations

from review.accounts.roles import Role

NAVIGATION: tuple[tuple[str, str, Role], ...] = (
    ("/inbox", "收件箱", Role.VIEWER),
    ("/unanswered", "没答上来的", Role.VIEWER),
    ("/corrections", "纠正", Role.VIEWER),
    ("/training", "训练", Role.VIEWER),
    ("/releases", "版本", Role.VIEWER),
    ("/topics", "主题", Role.VIEWER),
    ("/commitments", "承诺", Role.VIEWER),
    ("/next-steps", "下一步", Role.VIEWER),
    ("/requests", "登记", Role.VIEWER),
    ("/dashboard", "概览", Role.VIEWER),
    ("/danger", "紧急答复", Role.VIEWER),
    ("/notices", "公告", Role.EDITOR),
    ("/adopting", "采用一份规划", Role.EDITOR),
    ("/documents", "书架", Role.EDITOR),
    ("/users", "人员", Role.ADMINISTRATOR),
    ("/audit", "操作记录", Role.ADMINISTRATOR),
)
