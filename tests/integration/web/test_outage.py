"""The database goes away and comes back: a page says so meanwhile, and is there again."""

import pytest


@pytest.fixture
def database_url(own_postgresql) -> str:
    own_postgresql.run("CREATE DATABASE coach")
    return own_postgresql.url("coach")


def test_pages_are_there_again(ada, own_postgresql, words):
    ada.open("/")
    own_postgresql.stop(keep=True)
    away = ada.open("/", status=503)
    assert "postgresql" not in words(away).casefold()
    own_postgresql.start()
    ada.open("/")
