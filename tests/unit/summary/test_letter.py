"""The weekly summary as a person reads it, in text and in HTML."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from coach.nudges.wording import share_of_plan
from coach.plan import Diagnosis, Relief, Traits
from coach.progression import Decision, DecisionKind, offer
from coach.safety import CheckIn, Lock, Phase
from coach.summary.content import week_in_words
from coach.summary.letter import as_html, as_text
from coach.weeks import IsoWeek
from config.messages import catalogue

VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a reader sees, the tags that were opened and not closed, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            self.seen.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return "\n".join(self.seen)

    def widths(self, kind: str) -> list[str | None]:
        return [
            attrs["width"]
            for tag, attrs in self.tags
            if tag == "td" and attrs.get("class") == kind and "width" in attrs
        ]


def both(letter: Any) -> tuple[str, str]:
    page = Page(as_html(letter))
    assert page.open == []
    return as_text(letter), page.text


@pytest.fixture
def hilly(post: Any) -> Any:
    """Three of five walks, one of them with a hill that the plan leaves out; two swims of two."""
    return post.letter(
        post.plan(flexion_tolerated=False),
        post.done("level_walk", 20, 0, uphill=[(8, 20)]),
        post.done("level_walk", 10, 1),
        post.done("level_walk", 10, 2),
        post.done("swim", 15, 1),
        post.done("swim", 15, 3),
    )


def test_the_whole_letter_in_text(hilly: Any) -> None:
    text = as_text(hilly)
    assert text.startswith(
        "Your week, 2-8 November 2026\n"
        "============================\n"
        "\n"
        "74 % of the plan: partly done.\n"
        "About 70 % is normal in trials.\n"
        "All that your devices recorded is in. Plan version 1, step 1.\n"
        "\n"
        "Done and planned\n"
        "----------------\n"
        "[###########.........] Walks: 3 of 5, 28 of 50 min\n"
        "[####################] Swims: 2 of 2, 30 of 30 min\n"
        "\n"
        "What your plan leaves out\n"
        "-------------------------\n"
        "- Monday: 12 min of a walk was uphill, which your plan leaves out for now. A flatter route may suit.\n"
        "- These minutes are not in the sums above.\n"
        "\n"
        "Next week\n"
        "---------\n"
        "- 5 walks of 10 min\n"
        "- 2 swims of 15 min\n"
        "- 2 pool walks of 15 min (optional)\n"
    )
    order = ["Next week", "Warning signs", "This app helps you", "Example plan"]
    assert sorted(order, key=text.index) == order
    assert "None" not in text
    assert "{" not in text
    assert "\n\n\n" not in text


def test_the_page_says_what_the_text_says(hilly: Any) -> None:
    text, page = both(hilly)
    words = {line.strip("-= ") for line in re.sub(r"\[[#.]{20}\]", "", text).splitlines()} - {""}
    # Status and plan stand in one line of both; the text wraps nothing.
    missing = {line for line in words if line not in " ".join(page.splitlines()) and line not in page}
    assert missing == set()


def test_a_bar_is_as_full_as_its_item(hilly: Any) -> None:
    page = Page(as_html(hilly))
    assert page.widths("fill") == ["56%", "100%"]
    assert page.widths("track") == ["44%"]


@pytest.mark.parametrize(
    ("minutes", "text", "fill", "track"),
    [([], "[....................]", [], ["100%"] * 2), ([10] * 5, "[####################]", ["100%"], ["100%"])],
)
def test_empty_and_full_bars(post: Any, minutes: Any, text: str, fill: Any, track: Any) -> None:
    letter = post.letter(post.plan(), *(post.done("level_walk", each, day) for day, each in enumerate(minutes)))
    assert f"{text} Walks" in as_text(letter)
    page = Page(as_html(letter))
    assert (page.widths("fill"), page.widths("track")) == (fill, track)


def test_the_page_leads_nowhere_and_loads_nothing(hilly: Any) -> None:
    html = as_html(hilly)
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<(a|img|script|link|iframe)\b", html)
    assert "url(" not in html


class TestViolations:
    """In plain words, with the day and the minutes."""

    def test_one_that_the_plan_leaves_out(self, hilly: Any) -> None:
        for each in both(hilly):
            assert "Monday: 12 min of a walk was uphill" in each
            assert "uphill_avoid" not in each
            assert "MAJOR" not in each.replace("a major fall", "").upper()

    def test_none(self, post: Any) -> None:
        for each in both(post.letter(post.plan(flexion_tolerated=False), post.done("level_walk", 10))):
            assert catalogue().text("violation.none") in each

    def test_nothing_is_said_of_it_where_the_plan_leaves_nothing_out(self, post: Any) -> None:
        for each in both(post.letter(post.plan(flexion_tolerated=True), post.done("level_walk", 10))):
            assert "leaves out" not in each

    def test_one_that_went_too_long(self, post: Any) -> None:
        for each in both(post.letter(post.plan(flexion_tolerated=True), post.done("level_walk", 31, 2))):
            assert "Wednesday: 11 min past the longest walk that your plan has in mind." in each

    def test_one_that_went_too_far(self, post: Any) -> None:
        """A swim of 15 min is as long as asked; 300 m are more than a bad shoulder has in mind."""
        swim = replace(post.done("swim", 15, 2), distance_m=300.0)
        for each in both(post.letter(post.plan(traits=Traits(shoulder_injury=True)), swim)):
            assert "Wednesday: 5 min past the farthest swim that your plan has in mind." in each
            assert "past the longest" not in each

    def test_one_in_a_walk_that_no_item_asked_for(self, post: Any) -> None:
        plan = post.plan(traits=Traits(load_intolerant=True), flexion_tolerated=False)
        for each in both(post.letter(plan, post.done("level_walk", 20, 3, uphill=[(5, 15)]))):
            assert "Thursday: 10 min of a walk was uphill" in each

    def test_a_grade_that_nobody_knows_is_told(self, post: Any) -> None:
        walk = post.done("level_walk", 10, grade_known=False)
        for each in both(post.letter(post.plan(flexion_tolerated=False), walk)):
            assert "Grade unavailable: no altitude." in each

    def test_while_the_plan_is_locked(self, post: Any) -> None:
        for each in both(post.letter(post.plan(diagnosed=False), post.done("level_walk", 10, 1))):
            assert "Tuesday: 10 min were recorded while your plan was locked" in each
            assert "Your plan is locked until a diagnosis is recorded." in each
            assert "% of the plan" not in each
            assert "Next week" not in each

    def test_while_a_warning_sign_locks_the_plan(self, post: Any) -> None:
        """Nothing is asked for, and it is not for want of a diagnosis."""
        for each in both(post.letter(post.plan(), locks=[Lock(post.at(2.5), ("fever",))])):
            assert "A warning sign has locked your plan" in each
            assert "diagnosis is recorded" not in each
            assert "Next week" not in each


class TestMinutesThatDidNotCount:
    """By item, with the reason; less than half a minute is not worth a word."""

    def test_each_reason_in_words(self, post: Any) -> None:
        walk = post.done("level_walk", 10, idle=[(0, 2)])
        [line] = post.letter(post.plan(), walk).excluded
        assert line == "Walks: 2 min standing still"

    @pytest.mark.parametrize(("idle", "told"), [(0.4, False), (0.6, True)])
    def test_from_half_a_minute(self, post: Any, idle: float, told: bool) -> None:
        assert bool(post.letter(post.plan(), post.done("level_walk", 10, idle=[(0, idle)])).excluded) is told

    def test_minutes_that_count_elsewhere_say_where(self, post: Any) -> None:
        walk = post.done("level_walk", 10, uphill=[(0, 4)])
        letter = post.letter(post.plan("spinal_stenosis"), walk)
        assert letter.excluded == ("Walks: 4 min counted for your uphill walk",)

    def test_what_no_item_asked_for_is_told(self, post: Any) -> None:
        rides = [post.done("exercise_bike", 20, day) for day in range(7)]  # two stand in for walks, one for a swim
        letter = post.letter(post.plan(), *rides)
        assert letter.excluded == ("Bike sessions outside the plan: 80 min",)


class TestWeeks:
    """Complete or not, open, paused, and before there was a plan."""

    def test_one_that_is_not_all_in_is_a_range_and_nothing_is_missed(self, post: Any) -> None:
        walks = [post.done("level_walk", 10, day) for day in (0, 1)]
        for each in both(post.letter(post.plan(), *walks, heard=4.5)):
            assert "the week lies between" in each
            assert "A later sync settles it." in each
            assert "missed" not in each.lower()

    def test_one_that_was_paused(self, post: Any) -> None:
        for each in both(post.letter(post.plan(), excused=dict.fromkeys(range(7), "flare"))):
            assert "This week was paused: nothing was asked for." in each
            assert "Monday to Sunday: a flare" in each
            assert "Walks: nothing was asked for this week" in each
            assert "Pool walks" not in each.partition("Next week")[0]
            assert "0 %" not in each

    def test_one_that_is_not_over(self, post: Any) -> None:
        for each in both(post.letter(post.plan(), days_later=2.5, heard=2.4)):
            assert "The week is not over yet." in each

    def test_one_before_the_first_plan(self, post: Any) -> None:
        for each in both(post.letter(None, post.done("level_walk", 10))):
            assert "There was no plan for this week." in each
            assert "Plan version" not in each

    @pytest.mark.parametrize(
        ("week", "words"),
        [
            (IsoWeek(2026, 45), "2-8 November 2026"),
            (IsoWeek(2026, 44), "26 October - 1 November 2026"),
            (IsoWeek(2026, 53), "28 December 2026 - 3 January 2027"),
        ],
    )
    def test_in_words(self, week: IsoWeek, words: str) -> None:
        assert week_in_words(week) == words


def test_a_swap_is_told_and_extra_is_not_praised(post: Any) -> None:
    swims = [post.done("swim", 15, day) for day in range(3)]
    for each in both(post.letter(post.plan(), *swims)):
        assert "A swim counted for a walk." in each
    for each in both(post.letter(post.plan(), *(post.done("swim", 20, day) for day in range(2)))):
        assert "Extra isn't needed; an easy day is fine." in each


def test_the_weeks_before_are_a_chart_and_say_the_same_in_words(post: Any) -> None:
    plan = post.plan()
    paused = post.judged(plan, excused=dict.fromkeys(range(7), "flare"))
    told = [CheckIn(post.at(day + 0.33), Phase.MORNING, pain) for day, pain in enumerate((2, 3, 2))]
    weeks = [post.as_judged(plan, post.judged(plan), told), post.as_judged(plan, paused), post.as_judged(plan, paused)]
    letter = post.letter(plan, trend=weeks)
    assert [(point.label, point.score, point.pain) for point in letter.trend] == [
        ("W45", 0, 2.3),
        ("W45", None, None),
        ("W45", None, None),
    ]
    for each in both(letter):
        assert "Share of the plan: W45 0 %, W45 no score, W45 no score" in each
        assert "Morning pain on average, 0-10: W45 2.3, W45 not told, W45 not told" in each
    assert "The last weeks" not in as_text(post.letter(plan, trend=weeks[:1]))
    assert "Morning pain" not in as_text(post.letter(plan, trend=weeks[1:]))


class TestFoot:
    """Warning signs with the number to call, the disclaimer, and the label of an example."""

    @pytest.mark.parametrize("number", ["112", "999", "+1 911"])
    def test_warning_signs_and_the_person_s_own_emergency_number(self, post: Any, number: str) -> None:
        for each in both(post.letter(post.plan(), emergency_number=number)):
            assert f"Go to your nearest emergency department now or call {number}." in each
            assert f"Stop now and call {number}." in each
            for name in ("emergency_signs", "chest_signs", "same_day_signs", "routine_signs", "same_day", "routine"):
                assert catalogue().text(f"warning.{name}", emergency_number=number) in each

    @pytest.mark.parametrize("given", [{}, {"heard": 1}, {"excused": dict.fromkeys(range(7), "flare")}])
    def test_they_are_in_every_letter(self, post: Any, given: Any) -> None:
        for plan in (post.plan(), post.plan(diagnosed=False), None):
            for each in both(post.letter(plan, **given)):
                assert "call 112" in each
                assert catalogue().text("about.disclaimer") in each

    def test_an_example_plan_says_that_it_is_one(self, post: Any) -> None:
        example = post.plan()
        own = example.model_copy(update={"is_example": False})
        for each in both(post.letter(example)):
            assert "Example plan: review it with your clinician." in each
        for each in both(post.letter(own)):
            assert "xample plan" not in each


class TestDiscretion:
    """Letters lie about: nobody can tell from one what the person has."""

    def test_the_condition_its_reasons_and_the_clinician_are_not_in_it(self, post: Any, hilly: Any) -> None:
        for each in both(hilly):
            for private in ("hernia", "disc", "Lee", "bending", "flexion", "extension", "M51", "pain limit"):
                assert private not in each

    def test_a_letter_reads_the_same_whatever_the_diagnosis(self, post: Any) -> None:
        plan = post.plan()
        other = plan.model_copy(
            update={
                "condition": "spinal_stenosis",
                "relief": Relief.FLEXION,
                "flexion_tolerated": True,
                "pain_limit_during": 5,
                "diagnosis": Diagnosis(made_by="Dr. Ray", made_on=date(2020, 1, 1)),
            }
        )
        walk = post.done("level_walk", 10)
        assert both(post.letter(plan, walk)) == both(post.letter(other, walk))

    def test_the_name_is_the_letter_s_and_not_in_its_title(self, post: Any) -> None:
        letter = post.letter(post.plan(), name="Ada")
        assert letter.name == "Ada"
        assert "Ada" not in letter.title


def test_markup_in_what_a_person_typed_stays_text(post: Any) -> None:
    letter = post.letter(post.plan(), name="<b>Ada</b>", emergency_number="<script>alert(1)</script>&112")
    html = as_html(letter)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;112" in html
    assert "call <script>alert(1)</script>&112." in as_text(letter)


def test_one_long_walk_and_nothing_else_is_neither_quiet_nor_praised(post: Any) -> None:
    for each in both(post.letter(post.plan(), post.done("level_walk", 120))):
        assert "of some things more than it asks, of others less" in each
        assert "quieter" not in each


def test_a_range_that_says_nothing_is_not_told(post: Any) -> None:
    week = post.judged(post.plan(), heard=-1)
    assert (week.score_low, week.score_high) == (0, 100)
    assert share_of_plan(week) is None


def test_how_it_felt(post: Any) -> None:
    told = [
        CheckIn(post.at(1.33), Phase.MORNING, 2),
        CheckIn(post.at(2.75), Phase.PEAK, 5),
        CheckIn(post.at(3.33), Phase.MORNING, 3),
    ]
    for each in both(post.letter(post.plan(), post.done("level_walk", 10), told=told)):
        assert "How it felt" in each
        assert "Mornings, 0-10: Tue 2, Thu 3" in each
        assert "The most pain that you told: 5 of 10, during a session" in each
    for each in both(post.letter(post.plan(), post.done("level_walk", 10))):
        assert "How it felt" not in each


def test_the_step_on_offer_is_a_choice(post: Any) -> None:
    plan = post.plan()
    well = Decision(DecisionKind.PROGRESS, ())
    for each in both(post.letter(plan, post.done("level_walk", 10), offer=offer(plan, well))):
        assert "Your plan's next step: 11 min a walk instead of 10; 17 min a swim instead of 15" in each
        assert "Move, stay, or ask your clinician: nothing changes unless you confirm it." in each
        assert "Your plan stays as it is" not in each


def test_nothing_is_asked_of_a_person_who_is_locked_now(post: Any) -> None:
    """Also where the week itself was whole: the sign came after it."""
    for each in both(post.letter(post.plan(), post.done("level_walk", 10), locked=True)):
        assert "Next week" not in each
