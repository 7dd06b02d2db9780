"""What is told on the spot: a warning sign's words reach the person also where nothing could be kept."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from coach.app import App
from coach.cli.output import err, out
from coach.locks import told_at_once
from coach.store.tables import Person, key


@dataclass
class Spoken:
    """The words for some signs; 112 until it is known whom the person would call.

    `is_kept` once the answers are, `is_said` once the words are.
    """

    signs: tuple[str, ...]
    emergency_number: str = "112"
    is_kept: bool = False
    is_said: bool = False

    @property
    def words(self) -> list[str]:
        """What the person is told, the most urgent first (clinical rules, section 7)."""
        return list(told_at_once(self.signs, self.emergency_number))

    def say(self) -> None:
        self._print(out)

    def say_all_the_same(self) -> None:
        """On stderr, after what failed."""
        if self.words and not self.is_said:
            self._print(err)
        if self.words and not self.is_kept:
            err.print("This could not be kept, so the plan is not locked by it:")

    def _print(self, console: Console) -> None:
        for sentence in self.words:
            console.print(Text(sentence, "bold red"), soft_wrap=True)
        self.is_said = True


@contextmanager
def said_in_any_case(signs: Iterable[str]) -> Iterator[Spoken]:
    """Where the block fails, the words are said on stderr before the error is: they do not wait for a database."""
    spoken = Spoken(tuple(signs))
    try:
        yield spoken
    except BaseException:
        spoken.say_all_the_same()
        raise


def plan_at_once(app: App, person: Person) -> None:
    from coach import messenger  # costs, and most check-ins need none of it

    messenger.plan_at_once(app.engine, app.settings, key(person), app.clock())
