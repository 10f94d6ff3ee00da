"""Places that residents name are known by their names and by their form; what only says of which kind a place is, is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.document.documents import load_document
from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.reply.gazetteer import LOCALITIES, Gazetteer, Localities

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = load_document(settings.DOCUMENT)
QINGPU = Gazetteer.of({"places": DOCUMENT.places, "district": DOCUMENT.district})
# Looked at one by one: all that is recognised by its form alone in the questions and in the plan, each a place.
BY_FORM = {
    "青平公寓",
    "淀山湖小区",
    "庆华新村",
    "工人新村",
    "盈浦花园",
    "盈港东村",
    "凤溪社区",
    "民兴社区",
    "宝山社区",
    "静安社区",
    "山周大道",
    "盈淀路",
    "东航路",
    "新太路",
    "万寿路",
    "嘉松路",
    "宛平路",
    "万航渡路",
    "朱枫公路",
    "诸光路",
    "龙阳路",
    "徐乐路",
    "华青路",
    "万源路",
    "纪鹤公路",
    "山周公路",
    "徐盈路",
    "金商公路",
    "锦商公路",
}


def named(text: str, gazetteer: Gazetteer = QINGPU) -> list[str]:
    """The names in a text."""
    return [place.name for place in gazetteer.named_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("商榻小学放学后有人管吗", ["商榻"]),
        ("蒸淀的老小区能装电梯吗", ["蒸淀"]),
        ("岑卜村停车难怎么解决", ["岑卜村"]),
        ("听说佳乐苑会不会建公园", ["佳乐苑"]),
        ("尚美社区有没有养老院", ["尚美社区"]),
        ("我住在崧泽华城，淀山湖新城也问一下", ["崧泽华城", "淀山湖新城"]),
        ("万达茂附近有没有托班", ["万达茂"]),
        ("我家住李家村，隔壁王家浜村", ["李家村", "王家浜村"]),
        ("庆华新村能装电梯吗", ["庆华新村"]),
        ("华新小区能装电梯吗", ["华新"]),
        ("商榻镇有没有养老院", ["商榻镇"]),
        ("朱家角张马村有没有养老院", ["朱家角", "张马村"]),
        ("青浦区盈港路堵不堵", ["盈港路"]),
        ("香花桥的小学", ["香花桥"]),
        ("is there a nursery in xujing or shangta", ["Xujing", "Shangta"]),
        ("环城水系公园", []),
        ("大盈港", []),
        ("青浦新城有什么规划", []),
        *(
            (text, [])
            for text in [
                "农村",
                "乡村",
                "城中村",
                "新城",
                "老小区",
                "你们小区",
                "我们村",
                "本社区",
                "养老社区",
                "友好社区",
                "完整社区",
                "全村",
                "隔壁村",
                "哪个村",
            ]
        ),
        *(
            (text, [])
            for text in [
                "人才公寓",
                "老年公寓",
                "动迁小区",
                "口袋花园",
                "断头路",
                "马路",
                "跑路",
                "出路",
                "村里",
                "村民",
                "村容村貌",
            ]
        ),
        ("练塘镇社区食堂", ["练塘镇"]),
    ],
)
def test_what_is_a_name_and_what_is_none(text: str, expected: list[str]) -> None:
    """The longest one holds; what is known does, and what shows by its form."""
    assert named(text) == expected


def test_another_district_has_its_forms_and_none_of_these_names() -> None:
    """Without a list of its own, or with this one, an estate and a road are recognised and Qingpu's old towns are not."""
    other = Gazetteer.of({"places": {"九亭镇": ("九亭",)}, "district": "松江"})
    assert named("商榻和九亭有没有托班，佳乐苑呢", other) == ["九亭", "佳乐苑"]
    assert named("松江人才小区", other) == []
    assert Localities.load(Path("nowhere.yml"), "松江") == Localities()


@pytest.mark.parametrize("written", ["villages: 张马村", "villages: [1]", "villages: ['']"])
def test_a_list_that_is_none_is_told_with_its_line(tmp_path: Path, written: str) -> None:
    """Whoever edits the file sees what to mend."""
    path = tmp_path / "localities.yml"
    path.write_text(f"district: 青浦\n{written}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="地名的列表"):
        Localities.load(path, "青浦")
    path.write_text("district: 青浦\nspelt: [重固]\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="地名的拼法"):
        Localities.load(path, "青浦")


@pytest.mark.parametrize(
    ("text", "place", "holds"),
    [
        ("打造章堰村田园综合体", "章堰村", True),
        ("打造章堰田园综合体", "章堰村", True),
        ("重点建设西岑科创中心", "西岑", True),
        ("重点建设西岑科创中心", "西岑镇", True),
        ("在徐泾镇开设托班", "徐泾", True),
        ("在徐泾开设托班", "Xujing", True),
        ("淀山湖的水", "淀山湖新城", False),
        ("环城水系公园", "环城", False),
        ("发展养老", "商榻", False),
    ],
)
def test_whether_a_sentence_names_a_place(text: str, place: str, holds: bool) -> None:
    """By any of its names: what the plan does name is never said to be missing."""
    assert QINGPU.names(text, place) is holds


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("徐泾有没有托儿所", "有没有托儿所"),
        ("请问民乐佳苑能装电梯吗", "请问小区能装电梯吗"),
        ("我住张马村，有没有养老院", "我住村里，有没有养老院"),
        ("赵巷的老小区能装电梯吗", "老小区能装电梯吗"),
        ("儿童医院会造在徐泾吗", "儿童医院会造在徐泾吗"),
        ("盒马开到重固伐", "盒马开到重固伐"),
        ("有没有托儿所", "有没有托儿所"),
        ("Is there a nursery in Xujing?", "Is there a nursery?"),
        ("are there lifts in Zhujiajiao town and near Xujing", "are there lifts and"),
        ("Will Xujing get a nursery?", "Will Xujing get a nursery?"),
        ("a nursery in Xujing-Huaxin", "a nursery in Xujing-Huaxin"),
        ("a nursery in Chonggu", "a nursery"),
    ],
)
def test_a_question_is_asked_of_the_whole_district(text: str, wide: str) -> None:
    """Without the place that it begins with; a place that it asks about stays."""
    assert QINGPU.without(text) == wide


@pytest.mark.slow  # reads all training data
def test_nothing_else_is_taken_for_a_place() -> None:
    """In the questions of the development set and of the writers, in the samples, and in the plan itself."""
    known = {name for key in load_mapping(LOCALITIES)[0] if key != "district" for name in _listed(key)}
    found = {
        place.name
        for text in _texts()
        for place in QINGPU.named_in(text)
        if place.kind != "town" and not place.name.isascii()
    }
    by_form = {name for name in found if name not in known and name.removesuffix("镇") not in known}
    assert by_form == BY_FORM
    assert {"凤溪", "西岑", "张马村", "盈港路"} <= found


def _listed(key: str) -> list[str]:
    return [name.strip() for line in load_mapping(LOCALITIES)[0][key] for name in line.split(",")]


def _texts() -> Iterator[str]:
    for item in load_mapping(ROOT / "evaluation" / "dev.yml")[0]["questions"]:
        yield str(item.get("question") or "")
    for path in sorted((ROOT / "data" / "questions").glob("*.yml")):
        yield from (str(turn["say"]) for turn in load_mapping(path)[0]["turns"])
    for path in sorted((*settings.CATALOGUE.glob("*.yml"), *settings.TRAINING.glob("*.yml"))):
        yield from re.findall(r"^\s+- (.+)$", path.read_text(encoding="utf-8"), re.M)
    yield from re.sub(r"\s", "", settings.PLAN.read_text(encoding="utf-8")).split("。")
