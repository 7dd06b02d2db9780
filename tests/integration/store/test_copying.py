"""What goes along when a person's days are rehearsed, and what stays."""

from sqlalchemy import select

from coach.store.accounts import Account
from coach.store.copying import copy_person
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person
from coach.store.told import NudgePreference


def test_wishes_go_along_and_accounts_stay(engine, add_person, tmp_path, now):
    ada, bo = add_person("Ada"), add_person("Bo")
    with writing(engine, None) as session:
        for person in (ada, bo):
            session.add(NudgePreference(person_id=person.id, rule="R4", off=True))
            session.add(Account(email=f"{person.name}@x", password_hash="secret", person_id=person.id, created_at=now))
    stage = open_database(f"sqlite:///{tmp_path / 'stage.db'}")
    copy_person(engine, stage, ada.id)
    with reading(stage) as session:
        assert session.scalars(select(Person.name)).all() == ["Ada"]
        assert session.scalars(select(NudgePreference.person_id)).all() == [ada.id]
        assert session.scalars(select(Account.email)).all() == []
    stage.dispose()
