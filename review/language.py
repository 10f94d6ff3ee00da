"""Chinese is what the pages are written in; English strings stand in `english.yml`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

LANGUAGE_COOKIE = "review_language"
ENGLISH = Path(__file__).resolve().parent / "english.yml"

SAID = {  # what a page says after something was done; a key stands in the address, never the text
    "saved": "已保存",
    "done": "已处理",
    "reopened": "已重新打开",
    "assigned": "已分派",
    "tagged": "已加标签",
    "noted": "已记下备注",
    "corrected": "已记录纠正。主题和意图要等训练，其他的几秒内生效",
    "doubted": "还没有生效：要另一位同事看过才生效，原因写在下面",
    "group-withdrawn": "整组已撤下，几秒内消失",
    "held": "没有生效：会让现在答对的问题答错，见下面的清单",
    "corrected-for-editor": "已记录纠正，等编辑批准",
    "corrected-pending": "已记录纠正，等另一位同事批准",
    "approved": "已批准",
    "refused": "已退回",
    "filter-saved": "筛选条件已保存",
    "filter-deleted": "筛选条件已删除",
    "password-changed": "密码已更换，其他登录已全部退出",
    "recovery-code-used": "已用恢复码登录。这个恢复码作废了；手机丢了就在这里换一部",
    "factor-removed": "两步验证已关闭",
    "sessions-closed": "其他登录已全部退出",
    "signed-out": "已退出登录",
    "shut-out": "试错太多，请过一会儿再登录",
    "published": "已发布",
    "withdrawn": "已撤下",
    "written": "已写下，等编辑批准后居民才看得到",
    "grouping": "正在后台分组，几十秒后刷新",
    "training-started": "训练已在后台开始，关掉这个页面也会继续",
    "training-cancelled": "训练已取消，在服务的版本没有动",
    "evaluating": "评测已在后台开始，一两分钟后刷新",
    "promoted": "已上线，几秒后全部会话由这个版本回答",
    "rolled-back": "已退回，几秒后全部会话由这个版本回答",
    "tried": "已开始试用，几秒后生效",
    "stopped": "已停止试用",
    "danger-changed": "已保存，几秒内居民看到的就是新的答复",
    "danger-restored": "已恢复原样，几秒内生效",
    "plan-uploaded": "已收到，正在读；关掉这个页面也会继续",
    "plan-waits": "已收到。后台有别的任务，等它完成再读",
    "plan-building": "正在后台建库，关掉这个页面也会继续",
    "plan-stopped": "已停下",
    "plan-removed": "已删去",
    "plan-proposed": "已申请：请另一位管理员看过评测，让它上线",
    "relinked": "已接上，几秒内生效",
    "shelf-put": "已放上书架，是草案：请另一位管理员让它现行",
    "shelf-changed": "已保存，几秒内生效",
    "nothing-chosen": "没有选中任何一条",
}
NOT_DONE = {"doubted", "held", "nothing-chosen", "shut-out"}  # of these: what was wanted did not come about


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Chinese string → English string."""
    return dict(YAML(typ="safe", pure=True).load(ENGLISH.read_text(encoding="utf-8")))


def translator(language: str) -> Callable[[str], str]:
    """What turns a page's Chinese into `language`; a string without English stays Chinese."""
    if language == "zh":
        return lambda text: text
    strings = english()
    return lambda text: strings.get(text, text)


def in_language(message: str, language: str) -> str:
    """The half of an error's 「中文 / English」 that the reader wants."""
    chinese, mark, other = message.partition(" / ")
    return other if language == "en" and mark else chinese
