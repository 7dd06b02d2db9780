"""What is kept in English is read in any language; whatever no entry knows stays as it is."""

import pytest

from coach.appraisal import Refusal, appraise
from coach.summary.translated import _SENTENCES, translated
from config.messages import catalogue
from config.messages.catalogue import languages
from devices.errors import DeviceError
from devices.fit.sources import find

EN, DE = catalogue("en"), catalogue("de")


def test_each_entry_has_its_text_in_each_language():
    for language in languages():
        assert set(catalogue(language).names("translated")) == set(_SENTENCES.values())


@pytest.mark.parametrize(
    ("kept", "english", "german"),
    [
        ("grade unavailable: no altitude", "Grade unavailable: no altitude.", "nicht bekannt: keine Höhe."),
        ("intensity unknown: no heart rate was recorded", "no heart rate was recorded.", "kein Puls wurde"),
        (
            "intensity by heart-rate reserve, 10 lower in water: moderate from 95, vigorous from 120 beats a minute",
            "Intensity by heart-rate reserve, 10 lower in water: moderate from 95, vigorous from 120 beats a minute.",
            "Herzfrequenzreserve, im Wasser 10 niedriger: mittel ab 95, hoch ab 120",
        ),
        (
            "1,204 of 20,440 records have no time or an absurd one and were left out.",
            "1,204 of 20,440 records",
            "1.204 von 20.440 Einträgen",
        ),
    ],
)
def test_a_sentence(kept, english, german):
    assert english in translated(kept, EN)
    assert german in translated(kept, DE)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"\x1f\x8b12", b"<html>", bytes(500)])
def test_why_a_file_is_refused_is_known_in_each_language(data):
    refused = appraise(data)
    assert isinstance(refused, Refusal)
    assert translated(refused.reason, DE) != refused.reason
    assert translated(refused.reason, EN) == refused.reason


def test_what_measuring_and_devices_note_is_known(corpus):
    noted = set()
    for source in find([corpus]):
        try:
            data = source.read()
        except DeviceError:
            continue
        found = appraise(data)
        if isinstance(found, Refusal):
            noted.add(found.reason)
            continue
        noted |= {found.damage} if found.damage else set()
        noted |= {note for part in found.parts for note in part.notes}
        noted |= {each.note for part in found.parts for each in part.efforts if each.note}
    assert len(noted) > 5
    assert [each for each in noted if translated(each, DE) == each] == []


def test_a_persons_own_words_stay():
    assert translated("Ran into Bo, 1,5 km further.", DE) == "Ran into Bo, 1,5 km further."
