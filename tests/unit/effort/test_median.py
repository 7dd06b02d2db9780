import numpy as np
import pytest

from coach.effort.median import median


@pytest.mark.parametrize("count", [1, 2, 3, 4, 99, 100])
def test_it_is_numpys(count):
    values = np.random.default_rng(count).normal(size=count)
    assert median(values) == np.median(values)
