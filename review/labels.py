"""What the fields of forms are called where a page speaks of them outside their form."""

from __future__ import annotations

from collections.abc import Mapping

FIELD_LABELS: Mapping[str, str] = {
    "about": "在哪些答复下面",
    "area": "主题",
    "as_of": "公布日期",
    "asked": "问题",
    "aspect": "问的是哪方面",
    "at": "时间",
    "audience": "对象",
    "beside": "和哪个版本比",
    "code": "验证码",
    "commitment_id": "承诺",
    "district": "地名",
    "document": "哪份文件",
    "en": "英文",
    "ends_at": "结束",
    "example": "例句",
    "expires_on": "有效到",
    "figure": "数字",
    "first_year": "规划期从哪年",
    "full_name": "姓名",
    "headline": "要点",
    "intent": "主题或意图",
    "last_year": "到哪年",
    "means": "意思是",
    "name": "名称",
    "note": "处理情况",
    "numbers": "电话",
    "on": "开启",
    "plain": "大白话",
    "question": "问题",
    "questions": "示例问题",
    "reason": "原因",
    "release": "版本",
    "role": "角色",
    "share": "试用",
    "short_title": "简称",
    "source": "来源",
    "starts_at": "开始",
    "state": "进展",
    "status": "状态",
    "tag": "标签",
    "text": "文字",
    "title": "标题",
    "to": "分派给",
    "url": "网址",
    "word": "居民说",
    "word_kind": "哪种词",
    "zh": "中文",
}
OF_FORM: Mapping[str, Mapping[str, str]] = {  # how a form's address ends → what it calls its fields
    "/notes": {"text": "备注"},
    "/correct": {"text": "指引的话"},
    "/filters": {"name": "把这个筛选存为"},
    "/users": {"name": "用户名"},
}


def label_of(name: str, path: str = "") -> str:
    """A field's Chinese label in the form of an address; one without a label is "内容"."""
    own = next((labels for end, labels in OF_FORM.items() if path.endswith(end)), {})
    return own.get(name) or FIELD_LABELS.get(name, OTHER)


OTHER = "内容"
