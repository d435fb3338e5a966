"""The nearest training sentences."""

from __future__ import annotations

import numpy as np
import pytest

from understanding.linear import Neighbours


@pytest.mark.parametrize("texts", [1, 2, 7])
def test_each_text_is_compared_with_every_training_sentence(texts: int) -> None:
    chance = np.random.default_rng(7)
    axes = chance.standard_normal((512, 16)).astype(np.float32)
    points = chance.standard_normal((1300, 16)).astype(np.float32)
    vectors = chance.standard_normal((texts, 512)).astype(np.float32)
    found = Neighbours(axes, points, np.arange(1300) // 13).cosines(vectors)
    turned = vectors @ axes
    expected = turned @ points.T / np.linalg.norm(turned, axis=1, keepdims=True)
    assert found.shape == (texts, 1300)
    assert np.allclose(found, expected, atol=1e-4)
