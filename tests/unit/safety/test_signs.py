"""The warning signs of the clinical rules, section 7, and what is told, word by word."""

import pytest

from coach.plan.model import HeatScreen
from coach.safety.model import CheckIn, Phase, SignLevel
from coach.safety.signs import heat_questions, heat_screen, levels_told, locking, raised_by, signs
from config.messages import catalogue

TOLD = {
    SignLevel.EMERGENCY: "Stop exercising. These symptoms can be an emergency. Go to your nearest emergency department "
    "now or call 911. Do not wait to see if they pass. Your plan is paused.",
    SignLevel.CHEST: "Stop now and call 911.",
    SignLevel.SAME_DAY: "Please speak to a doctor today, before your next session. Your plan is paused.",
    SignLevel.ROUTINE: "Contact your clinician to review the plan.",
}
LEVELS = {
    SignLevel.EMERGENCY: [
        *("genitals, inner thighs or back passage", "starting, stopping or feeling urine", "leaking urine or stool"),
        *("sexual numbness", "sciatica in both legs", "severe or worsening weakness or numbness in both legs"),
    ],
    SignLevel.CHEST: ["chest pain", "faint", "severely breathless"],
    SignLevel.SAME_DAY: ["weakness in a leg or foot", "fever", "major fall", "cancer", "calves swollen and hot"],
    SignLevel.ROUTINE: ["no better after a few weeks", "pain at night", "steadily worse"],
}


@pytest.mark.parametrize("level", SignLevel)
def test_what_is_told_word_by_word(level):
    assert catalogue().text(f"told.{level}", emergency_number="911") == TOLD[level]


@pytest.mark.parametrize("level", SignLevel)
def test_every_sign_of_a_level_is_asked(level):
    asked = [catalogue().text(f"sign.{code}") for code, sign in signs().items() if sign.level is level]
    assert len(asked) == len(LEVELS[level])
    for words, question in zip(LEVELS[level], asked, strict=True):
        assert words.lower() in question.lower()


def test_every_question_has_its_sign_and_every_sign_its_question():
    assert set(catalogue().names("sign")) == set(signs())
    assert set(catalogue().names("heat")) == set(heat_questions())


def test_the_most_urgent_are_asked_first():
    levels = [sign.level for sign in signs().values()]
    assert levels == sorted(levels, key=list(SignLevel).index)


def test_all_but_the_routine_ones_lock():
    assert set(signs()) - set(locking(signs())) == {"not_better", "night_pain", "worse"}
    assert locking(["no_longer_asked"]) == ()


@pytest.mark.parametrize(
    ("codes", "levels"),
    [
        (["fall", "leaking", "chest_pain", "worse"], (SignLevel.EMERGENCY, SignLevel.CHEST)),
        (["worse", "fall"], (SignLevel.SAME_DAY,)),
        (["fainting", "fall"], (SignLevel.CHEST,)),
        (["worse", "night_pain"], (SignLevel.ROUTINE,)),
        ([], ()),
    ],
)
def test_the_most_urgent_words_are_not_diluted(codes, levels):
    assert levels_told(codes) == levels


def test_new_weakness_is_always_a_same_day_sign_and_numbness_asks(at):
    assert raised_by(CheckIn(at(1, 8), Phase.MORNING, 1, weakness=True)) == ("new_weakness",)
    assert signs()["new_weakness"].level is SignLevel.SAME_DAY
    assert raised_by(CheckIn(at(1, 8), Phase.MORNING, 9, numbness=True)) == ()


def test_the_heat_screen():
    assert len(heat_questions()) == 7
    assert heat_screen([]) is HeatScreen.CLEAR
    assert all(heat_screen([code]) is HeatScreen.ASK_CLINICIAN for code in heat_questions())
