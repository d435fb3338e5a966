"""Which document answers a question: words, concepts and meaning together, and when to leave it alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from understanding import retrieval
from understanding.concepts import concepts
from understanding.question import asks
from understanding.retrieval import Retriever, WordWeights, word_terms

DOCUMENTS = {
    "meter": (
        "怎么申请校表", "电表不准怎么检测", "how do I get my meter tested", "my meter runs too fast, can you check it",
    ),
    "refund": (
        "退款几天到账", "退货后多久退钱", "how long does a refund take", "when do I get my money back",
    ),
    "anonymous": ("可以匿名投诉吗", "不留名字行吗", "can I stay anonymous", "do I have to give my name"),
}  # fmt: skip
UNANSWERED = (
    "明天天气怎么样", "怎么办护照", "what time is breakfast", "tell me a joke", "我家停了三天电没人管", "早餐几点",
)  # fmt: skip


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever(DOCUMENTS, unanswered=UNANSWERED)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("想让人来验一下电表", "meter"),
        ("is it possible to have the electricity meter inspected", "meter"),
        ("钱什么时候退给我", "refund"),
        ("how many days until I get my refund", "refund"),
        ("我不想说自己是谁，可以吗", "anonymous"),
        ("may I complain without saying who I am", "anonymous"),
    ],
)
def test_a_question_in_other_words_finds_its_document(retriever: Retriever, question: str, key: str) -> None:
    assert retriever.search(question)[0].key == key


@pytest.mark.parametrize(
    "question", ["帮我写一首诗", "酒店几点退房", "which bus goes to the airport", "do you sell tea"]
)
def test_a_question_about_something_else_is_less_sure_than_any_real_one(
    retriever: Retriever, question: str
) -> None:
    real = min(retriever.search(q)[0].confidence for q in ("怎么申请校表", "how long does a refund take"))
    assert retriever.search(question)[0].confidence < real / 2


def test_only_what_is_allowed_is_found(retriever: Retriever) -> None:
    assert [m.key for m in retriever.search("how long does a refund take", among={"meter"})] == ["meter"]
    assert retriever.search("how long does a refund take", among=()) == []


def test_no_documents_and_no_words_find_nothing(retriever: Retriever) -> None:
    assert Retriever({}).search("how long does it take") == []
    assert retriever.search("？！…") == []


def test_the_best_comes_first_and_no_more_than_asked_for(retriever: Retriever) -> None:
    found = retriever.search("how do I get my meter tested", limit=2)
    assert found[0].key == "meter"
    assert len(found) == 2
    assert all(0 <= m.confidence <= 1 for m in found)


def test_rare_words_weigh_more_than_common_ones() -> None:
    weights = WordWeights(["the meter is wrong", "the bill is wrong", "the bill is late"], word_terms)
    meter, bill, late = (
        weights.likeness(["meter"])[0],
        weights.likeness(["bill"])[0],
        weights.likeness(["the"])[0],
    )
    assert meter[0] > bill[1] > late[2] > 0
    assert meter[1] == 0
    assert weights.likeness(["the meter is wrong"])[0][0] == pytest.approx(1)


def test_vectors_are_kept_in_a_file_and_not_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache" / "vectors.npz"
    first = retrieval.kept_vectors(["一", "two"], cache)

    def never(texts: object) -> None:
        raise AssertionError(f"computed again: {texts}")

    monkeypatch.setattr(retrieval, "sentence_vectors", never)
    assert np.array_equal(retrieval.kept_vectors(["two", "一"], cache), first[::-1])


def test_a_broken_file_of_vectors_is_made_anew(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    cache.write_bytes(b"half a file")
    kept = retrieval.kept_vectors(["一"], cache)
    assert kept.shape == (1, 512)
    assert np.array_equal(retrieval._read_vectors(cache).popitem()[1], kept[0])


def test_words_of_both_languages_meet_in_a_concept() -> None:
    assert set(concepts("啥时候能退款")) & set(concepts("how long does a refund take")) >= {
        "how_long",
        "refund",
    }
    assert "anonymous" in concepts("anonymously")
    assert "lift" not in concepts("a lifting belt")
    assert concepts("……") == ()


@pytest.mark.parametrize(
    "text",
    ["多久能有结果", "可以匿名吗", "要钱不", "咋查进度", "is it free", "And how long", "papers needed?"],
)
def test_a_question_is_known_by_its_form(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉窗口态度",
        "昨天停电了",
        "The clerk was rude",
        "ok thanks",
        "我不要",
        "几个月没抄表",
        "没人告诉我要走哪些步骤",
    ],
)
def test_a_statement_is_no_question(text: str) -> None:
    assert not asks(text)
