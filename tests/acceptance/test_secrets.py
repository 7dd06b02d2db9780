"""`coach secrets`."""


def test_the_key_is_changed(coach, ada, home):
    coach("channels", "add", "ntfy://ntfy.example.org/a-topic")
    was = (home / "secret.key").read_bytes()
    assert "1 channels and second steps are sealed with it." in coach("secrets").out
    said = coach("secrets", "rotate").out
    assert "Links that are out stay good for 60 days." in said
    assert "Start every service and worker anew." in said
    assert (home / "secret.key").read_bytes() != was
    found = coach("secrets", "--json").json
    assert found == {"is_set": False, "earlier": 1, "sealed": 1, "sealed_by_earlier": 0, "sealed_by_unknown": 0}
    assert coach("secrets", "rotate", "--leaked", "--json").json["earlier"] == 0
    assert coach("audit", "--json").json[0]["what"] == "secrets_rotated"


def test_a_key_of_the_settings_is_its_owners_to_change(coach, ada, monkeypatch):
    monkeypatch.setenv("COACH_SECRET_KEY", "an example of a key with 32 signs")
    assert "COACH_SECRET_KEY_BEFORE" in coach("secrets", "rotate", code=1).err
