"""What the plan library says in other languages: all of it, and nothing that it does not say."""

import pytest

from config.document import PACKAGED, read
from config.messages import languages
from config.messages.library import in_language, library

OTHERS = [each for each in languages() if each != "en"]


def said() -> set[str]:
    """Every text of the library that a plan takes along."""
    plans = [read(path).data for path in (PACKAGED / "plans").glob("*.toml")]
    shared = [read(PACKAGED / f"{name}.toml").data for name in ("traits", "exercises")]
    texts = {text for each in (*plans, *shared) for text in each["sources"].values()}
    for plan in plans:
        texts |= {dose["note"] for dose in plan["dose"].values() if "note" in dose}
        left_out = plan.get("restriction", ())
        texts |= {each[key] for each in left_out for key in ("reason", "reason_unknown") if key in each}
    traits = shared[0]
    return texts | {traits["shoulder_injury"]["reason"], traits["beta_blocker"]["note"]}


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_of_the_library_is_said_in_each_language(language: str) -> None:
    assert set(library(language)) == said()


@pytest.mark.parametrize("language", OTHERS)
def test_the_kind_of_a_source_stays(language: str) -> None:
    sources = {text for text in said() if text[:3] in {"S: ", "E: ", "D: "}}
    assert sources
    assert all(in_language(text, language)[:3] == text[:3] for text in sources)


def test_two_in_a_row_are_both_said() -> None:
    both = "Inside your walks. Go by how hard it feels, not by your heart rate."
    assert in_language(both, "de").startswith("Innerhalb von: Spaziergänge. Richten Sie sich danach")


@pytest.mark.parametrize("text", ["Only on grass.", "With an aquabelt. And a friend.", ""])
def test_what_somebody_else_wrote_stays(text: str) -> None:
    assert in_language(text, "de") == text
    assert in_language("With an aquabelt.", "en") == "With an aquabelt."
