"""What the tests of parts that work together share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from coach.store.engine import open_database


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()
