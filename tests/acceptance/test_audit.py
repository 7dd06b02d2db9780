"""`coach audit`."""

import json


def whats(said) -> list[str]:
    return [each["what"] for each in said.json]


def test_changes_are_told_the_latest_first_and_outlive_who_is_erased(coach, ada, setup, watch):
    assert whats(coach("audit", "--json")) == ["plan_changed"]
    coach("import", watch)
    coach("label", "1", "--borg", "13")
    coach("activity", "2", "--delete")
    coach("tokens", "add", "my watch", "--scope", "upload")
    coach("export", "--everything", "--out", watch / "ada.zip")
    coach(*setup(birth_year="1971"))
    told = coach("audit", "--person", "Ada", "--json")
    assert whats(told) == ["details_changed", "exported", "token_made", "deleted", "labelled", "plan_changed"]
    assert {(each["by"], each["who"], each["person"]) for each in told.json} == {("command_line", None, 1)}
    assert "token made" in coach("audit").out
    coach("erase", "--person", "Ada", "--yes")
    assert whats(coach("audit", "--number", "1", "--limit", "2", "--json")) == ["erased", "details_changed"]
    assert "Ada" not in coach("audit", "--json").out
    assert coach("audit", "--since", "2090-01-01", "--json").json == []
    assert "Nobody has looked" in coach("audit", "--since", "2090-01-01").out


def test_a_restore_is_written_into_what_it_brought_back(coach, ada, tmp_path):
    coach("backup", tmp_path / "safe.db")
    coach("restore", tmp_path / "safe.db")
    (first, *_) = coach("audit", "--json").json
    assert (first["what"], first["person"]) == ("restored", None)


def test_one_or_the_other(coach, ada):
    assert "give one" in coach("audit", "--person", "Ada", "--number", "1", code=2).err
    assert json.loads(coach("audit", "--number", "9", "--json").out) == []
