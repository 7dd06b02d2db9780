import re
from pathlib import Path

import pytest

from config.document import PACKAGED
from config.errors import LibraryError, MessageError
from config.messages import catalogue, load

PRIVATE = re.compile(r"pain|sciatica|disc|hernia|stenosis|leg|spine|nerve|hurt", re.IGNORECASE)
PRESSING = re.compile(r"fail|streak|missed|must|should|behind|don't forget|hurry|only \d", re.IGNORECASE)
RULES = ("R1", "R4", "R8", "R13", "R13_without_score")


@pytest.mark.parametrize("path", sorted((PACKAGED / "messages").glob("*.toml")), ids=lambda path: path.stem)
def test_the_texts_name_only_fields_that_they_are_given(path: Path) -> None:
    load(path)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_three_texts_that_differ(rule: str) -> None:
    texts = [variant.text for variant in catalogue().variants(rule)]
    assert len(set(texts)) == len(texts) >= 3


@pytest.mark.parametrize("rule", RULES)
def test_titles_leave_out_the_diagnosis_and_the_pain(rule: str) -> None:
    assert not [variant.title for variant in catalogue().variants(rule) if PRIVATE.search(variant.title)]


@pytest.mark.parametrize("rule", RULES)
def test_nothing_urges(rule: str) -> None:
    assert not [variant.text for variant in catalogue().variants(rule) if PRESSING.search(variant.text)]


def test_a_variant_is_filled_in() -> None:
    filled = catalogue().variants("R1")[0].filled(minutes=22, exercise="walk", planned_minutes=20)
    assert filled.text.startswith("22 min recorded for this walk; your plan said 20.")


def test_a_text_is_filled_in() -> None:
    assert "call 112" in catalogue().text("warning.emergency", emergency_number=112)
    assert catalogue().text("about.example_plan") == "Example plan: review it with your clinician."


def test_people_are_told_what_is_normal_in_trials() -> None:
    assert catalogue().text("band.normal") == "About 70 % is normal in trials."


@pytest.mark.parametrize("key", ["band.none", "none.at_all", "band", ""])
def test_an_unknown_key_is_an_error(key: str) -> None:
    with pytest.raises(MessageError, match="no text"):
        catalogue().text(key)


def test_an_unknown_rule_and_a_field_left_out_are_errors() -> None:
    with pytest.raises(MessageError, match="no texts for rule 'R99'; there are R1, "):
        catalogue().variants("R99")
    with pytest.raises(MessageError, match="needs the field 'score'"):
        catalogue().text("band.on_plan", minutes=3)


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(LibraryError, match="no language 'tlh'; one of de, en"):
        catalogue("tlh")


def test_wrong_fields_and_braces_are_found_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(
        '[rule.R1]\nfields = ["minutes"]\n'
        + "".join(f'[[rule.R1.variant]]\ntitle = "T{{{name}}}"\ntext = "x"\n' for name in ("minutes", "minuets", ""))
        + '[text.band]\nopen = "{"\nplain = "{score}"\n',
        encoding="utf-8",
    )
    with pytest.raises(LibraryError) as caught:
        load(path)
    assert [str(each) for each in caught.value.problems] == [
        ("xx.toml, line 7, rule.R1.variant[1].title: {minuets} is not a field of this text; its fields: minutes"),
        "xx.toml, line 10, rule.R1.variant[2].title: {} is not a field of this text; its fields: minutes",
        (
            "xx.toml, line 13, text.band.open: has braces that do not pair up "
            "(Single '{' encountered in format string); double those that stay"
        ),
        "xx.toml, line 14, text.band.plain: {score} is not a field of this text; its fields: none here",
    ]


def test_two_variants_are_too_few(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text('[rule]\nR1.variant = [{ title = "T", text = "a" }]\n[text]\n', encoding="utf-8")
    with pytest.raises(LibraryError, match=r"line 2, rule.R1.variant: .* is not allowed; a list of at least 3, each"):
        load(path)
