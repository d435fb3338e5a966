"""Categories on a small hand-made set."""
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from understanding.category import CategoryModel, clauses
from understanding.complaints import split_complaints
from understanding.linear import Floats

_EXAMPLES = {
    "GOV-ATT-01": [
        "窗口的人爱答不理，问什么都说不知道", "工作人员一直玩手机不理人", "让我去别的窗口，推来推去", "办事员很冷漠",
        "the clerk ignored me and kept looking at her phone", "they sent me from desk to desk",
        "nobody at the window wanted to help", "the officer was cold and would not answer",
    ],
    "GOV-ATT-02": [
        "窗口的人骂我", "工作人员对我大吼大叫", "办事员说话特别难听，侮辱人", "他拍着桌子吼我",
        "the clerk shouted at me", "the officer called me stupid", "she yelled and insulted my mother", "he swore at us",
    ],
    "URB-NOI-01": [
        "工地半夜还在施工", "楼下打桩机吵到凌晨", "装修噪音一整天", "晚上十二点还在浇混凝土，太吵",
        "construction noise at night", "builders drilling at 2 am", "jackhammers all night long",
        "the building site is loud after midnight",
    ],
    "URB-WST-01": [
        "垃圾好几天没人清运", "小区垃圾桶满出来了臭得很", "路边堆满了垃圾", "垃圾车一个星期没来",
        "the bins have not been emptied", "rubbish is piling up and it stinks", "no garbage collection this week",
        "trash all over the street",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> CategoryModel:
    return CategoryModel.train(_EXAMPLES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("凌晨三点了旁边的工地还在轰隆隆", "URB-NOI-01"),
        ("my garbage was never picked up", "URB-WST-01"),
        ("那個辦事員當眾辱罵我", "GOV-ATT-02"),
    ],
)
def test_a_new_wording_is_put_where_it_belongs(model: CategoryModel, text: str, code: str) -> None:
    assert model.rank(text, among=None, top=3)[0].name == code


def test_only_the_codes_in_question_are_ranked_and_share_the_probability(model: CategoryModel) -> None:
    among = ["GOV-ATT-01", "GOV-ATT-02", "NOT-OUR-01"]
    ranking = model.rank("工地半夜还在施工", among=among, top=3)
    assert {ranked.name for ranked in ranking} == {"GOV-ATT-01", "GOV-ATT-02"}
    assert sum(ranked.confidence for ranked in ranking) == pytest.approx(1)


def test_nothing_to_choose_from_gives_nothing(model: CategoryModel) -> None:
    assert model.rank("工地半夜还在施工", among=[], top=3) == ()
    assert model.rank("工地半夜还在施工", among=["NOT-OUR-01"], top=3) == ()
    assert model.rank("  ", among=None, top=3) == ()


def test_no_more_than_top_are_given(model: CategoryModel) -> None:
    assert len(model.rank("垃圾没人收", among=None, top=2)) == 2


def test_what_another_organisation_takes_is_likelier_not_ours(model: CategoryModel) -> None:
    urban = [code for code in _EXAMPLES if code.startswith("URB")]
    ours, theirs = (model.hear(text, among=urban).ours for text in ("垃圾好几天没人收", "办事员对我大吼大叫"))
    assert ours > 0.9
    assert theirs < 0.5
    assert (
        model.hear("办事员对我大吼大叫").ours == 1.0
    )  # where every sector is in question nothing is elsewhere


def test_one_clear_clause_in_a_long_tirade_decides(model: CategoryModel) -> None:
    tirade = (
        "我在这儿住了二十多年了，从来没有遇到过这样的事情，真的是越想越来气，打了好多电话也没有用，"
        "今天说明天，明天说后天，我年纪大了身体也不好，睡眠本来就浅，"
        "旁边那个工地天天半夜打桩施工，吵得人一宿一宿睡不着，"
        "孩子还要上学，老人还要吃药，日子都没法过了，你们到底有没有人来看一看，给老百姓一个说法"
    )
    assert model.rank(tirade, among=None, top=1)[0].name == "URB-NOI-01"


def test_a_saved_model_ranks_as_before(model: CategoryModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = CategoryModel.load(tmp_path)
    for text in ["垃圾没人收", "shouted at by the clerk", "???"]:
        before, after = model.rank(text, among=None, top=4), loaded.rank(text, among=None, top=4)
        assert [ranked.name for ranked in after] == [ranked.name for ranked in before]
        assert [r.confidence for r in after] == pytest.approx([r.confidence for r in before], abs=1e-3)


def test_one_category_is_not_enough_to_learn_from() -> None:
    with pytest.raises(ValueError, match="at least two"):
        CategoryModel.train({"GOV-ATT-01": ["态度差"]})


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("路灯坏了没人修。另外，楼下垃圾也没人收。", ["路灯坏了没人修。", "另外，楼下垃圾也没人收。"]),
        ("1、路灯坏了 2、垃圾没人收 3、噪音太大", ["路灯坏了", "垃圾没人收", "噪音太大"]),
        (
            "The street light is broken. Another thing: nobody empties the bins.",
            ["The street light is broken.", "Another thing: nobody empties the bins."],
        ),
    ],
)
def test_complaints_that_are_set_apart_are_split(text: str, pieces: list[str]) -> None:
    assert split_complaints(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了，我打了电话，他们说另外派人来，也没来。",
        "I called, they said another engineer would come, and nobody came.",
        "3号楼2单元停水",
        "路灯坏了没人修。我打了三次电话。他们每次都说马上来！",
        "The street light is broken. I called three times. They never came!",
        "从1月2日到3月4日一直没人来",
        "",
    ],
)
def test_one_complaint_stays_in_one_piece(text: str) -> None:
    assert split_complaints(text) == [text]


def test_a_very_long_text_has_a_bounded_number_of_clauses() -> None:
    assert len(clauses("他们说明天就来修好的，" * 500)) <= 10


def test_a_text_of_one_complaint_stays_whole(model: CategoryModel) -> None:
    text = "垃圾堆在楼下一个星期没人收，臭得开不了窗"
    assert [(one.start, one.end) for one in model.complaints(text)] == [(0, len(text))]


def test_a_text_and_its_pieces_are_read_together_and_once(
    model: CategoryModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "工地半夜还在施工，吵得孩子睡不着，明天还要上学"
    read: list[list[str]] = []
    scores = model._scores

    def watched(texts: Sequence[str], names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        read.append(list(texts))
        return scores(texts, names)

    monkeypatch.setattr(model, "_scores", watched)
    found = model.complaints(text)
    assert len(read) == 1
    assert {text, "工地半夜还在施工"} < set(read[0])
    alone = model.rank(text)
    assert [one.name for one in found[0].ranking] == [one.name for one in alone]
    assert [one.confidence for one in found[0].ranking] == pytest.approx(
        [one.confidence for one in alone], abs=1e-5
    )


def test_numbered_complaints_come_apart_with_their_places(model: CategoryModel) -> None:
    text = "1、窗口态度很差，问什么都不理 2、工地半夜还在施工"
    found = model.complaints(text)
    assert [text[one.start : one.end] for one in found] == ["窗口态度很差，问什么都不理", "工地半夜还在施工"]
    assert found[1].ranking[0].name == "URB-NOI-01"


def test_two_matters_that_a_word_joins_come_apart_and_one_matter_told_on_does_not(
    model: CategoryModel,
) -> None:
    text = "工地半夜还在施工吵得睡不着，另外窗口的人态度很差问什么都不理"
    found = model.complaints(text)
    assert [text[one.start : one.end] for one in found] == [
        "工地半夜还在施工吵得睡不着",
        "窗口的人态度很差问什么都不理",
    ]
    told_on = "工地半夜还在施工吵得睡不着，另外昨天凌晨三点工地也在施工"
    assert len(model.complaints(told_on)) == 1


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("垃圾好几天没人清运，办事员对我大吼大叫", ["垃圾好几天没人清运", "办事员对我大吼大叫"]),
        (
            "The clerk shouted at me and the bins have not been emptied",
            ["The clerk shouted at me", "the bins have not been emptied"],
        ),
    ],
)
def test_two_matters_behind_a_comma_or_an_and_come_apart(
    model: CategoryModel, text: str, pieces: list[str]
) -> None:
    found = model.complaints(text)
    assert [text[one.start : one.end] for one in found] == pieces
    assert [one.ranking[0].name for one in found] == [model.rank(piece)[0].name for piece in pieces]


@pytest.mark.parametrize(
    "text",
    [
        "垃圾好几天没人清运，桶满出来了，臭得很",
        "工地半夜还在施工，吵得孩子睡不着，明天还要上学",
        "The clerk shouted at me and then she walked away",
        "Rubbish is piling up and it stinks",
    ],
)
def test_what_came_of_a_matter_is_no_matter_of_its_own(model: CategoryModel, text: str) -> None:
    assert len(model.complaints(text)) == 1


def test_complaints_of_one_message_lend_each_other_their_sector(model: CategoryModel) -> None:
    text = "1、工地半夜还在施工 2、臭死了没人管"
    alone = {one.name: one.confidence for one in model.rank("臭死了没人管", top=4)}
    beside = {one.name: one.confidence for one in model.complaints(text, top=4)[1].ranking}
    assert beside["URB-NOI-01"] + beside["URB-WST-01"] > alone["URB-NOI-01"] + alone["URB-WST-01"]
    assert sum(beside.values()) == pytest.approx(1)


def test_nothing_to_tell_apart_is_no_reason_to_cut(model: CategoryModel) -> None:
    text = "工地半夜还在施工，而且垃圾也没人收"
    assert [(one.start, one.end) for one in model.complaints(text, among=[])] == [(0, len(text))]
