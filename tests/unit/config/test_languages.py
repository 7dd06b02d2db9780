"""Every language says all that English says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from coach.safety.signs import heat_questions, signs
from config.document import PACKAGED
from config.messages import catalogue, languages
from config.messages.catalogue import pages

FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (PACKAGED / "messages").glob("*.toml")}
OTHERS = sorted(set(FILES) - {"en"})


def shape(texts: dict[str, Any]) -> dict[str, Any]:
    """What there is, without the words."""
    rules = {rule: (each.get("fields", []), len(each["variant"])) for rule, each in texts["rule"].items()}
    groups = {name: (group.get("fields", []), sorted(set(group) - {"fields"})) for name, group in texts["text"].items()}
    return {"rules": rules, "groups": groups}


@pytest.mark.parametrize("language", OTHERS)
def test_it_has_the_rules_keys_and_fields_of_english(language: str) -> None:
    assert shape(FILES[language]) == shape(FILES["en"])


@pytest.mark.parametrize("language", sorted(FILES))
def test_it_says_which_it_is(language: str) -> None:
    assert catalogue(language).language == language
    assert language in languages()


@pytest.mark.parametrize("language", OTHERS)
def test_its_words_are_its_own(language: str) -> None:
    """But for what is the same in both: figures, `0-10`, names of months."""
    ours = {variant["text"] for rule in FILES[language]["rule"].values() for variant in rule["variant"]}
    english = {variant["text"] for rule in FILES["en"]["rule"].values() for variant in rule["variant"]}
    assert not ours & english


@pytest.mark.parametrize("language", OTHERS)
def test_every_question_has_its_words(language: str) -> None:
    assert set(signs()) == set(catalogue(language).names("sign"))
    assert set(heat_questions()) == set(catalogue(language).names("heat"))


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_typed_or_called_stands_in_both(language: str) -> None:
    """Commands and the emergency number are the same in every language."""
    for group, texts in FILES["en"]["text"].items():
        for key, text in texts.items():
            if key != "fields":
                theirs = FILES[language]["text"][group][key]
                assert text.count("`") == theirs.count("`"), f"{group}.{key}"
                assert ("{emergency_number}" in text) == ("{emergency_number}" in theirs), f"{group}.{key}"


def test_nothing_else_lies_beside_them() -> None:
    assert {path.suffix for path in Path(PACKAGED / "messages").iterdir() if path.is_file()} <= {".toml", ".py"}


@pytest.mark.parametrize("language", OTHERS)
def test_what_only_pages_say_is_said_in_every_language(language: str) -> None:
    texts = {
        each: tomllib.loads((PACKAGED / "messages" / "pages" / f"{each}.toml").read_text(encoding="utf-8"))
        for each in FILES
    }
    shapes = {
        each: {name: (group.get("fields", []), sorted(group)) for name, group in texts[each]["text"].items()}
        for each in texts
    }
    assert shapes[language] == shapes["en"]
    assert pages(language).language == language
