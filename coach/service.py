"""What the program does of its own accord: plan what is worth saying, deliver what is due, take what is dropped."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final, TextIO

from coach import ahead, messenger, reaching, retention
from coach.app import App, open_app
from coach.care import digest
from coach.inbox import Inbox
from coach.judged import keep_weeks
from coach.nudges import policy
from coach.reaching import Way
from coach.replies.links import Links, open_links
from coach.rounds import Rounds
from coach.store.engine import reading, writing
from coach.sweeps import KEEP_EVERY, PLAN_EVERY, WORD_EVERY, spread_keeping, spread_round, spread_wording
from coach.vigil import Vigil
from coach.working import working
from config.messages import Messages
from devices import drop
from scheduler import suspensions
from scheduler.channels.base import Channel, Delivered, Outcome
from scheduler.channels.registry import PERSONAL, ChannelSettings, open_channels
from scheduler.clock import Clock, utc_now
from scheduler.delivery import deliver_due
from scheduler.drafts import Address
from scheduler.lock import alone
from scheduler.messages import Message
from scheduler.runner import Job, run
from scheduler.settled import Settled

log = logging.getLogger(__name__)

# A nudge that is due at 08:30 should be there at 08:30.
_DELIVER_EVERY: Final = timedelta(seconds=10)
# Some seconds' worth.
_AT_A_TIME: Final = 500
# What is kept for a time is looked at once a day; who looks more often finds that it was done.
_LET_GO_EVERY: Final = timedelta(hours=1)
# What was recorded while the server was away goes on to it soon after it is back.
_PUSH_EVERY: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class Service(App):
    """The application with its rules, channels and jobs."""

    @cached_property
    def links(self) -> Links | None:
        """With which messages can be answered; None without a public address."""
        return open_links(self.settings)

    @property
    def _shares(self) -> bool:
        """SQLite bears one scheduler; PostgreSQL lets several share the work."""
        return self.engine.dialect.name != "sqlite"

    @cached_property
    def _rounds(self) -> Rounds:
        return Rounds(_AT_A_TIME)

    def channels(self, stream: TextIO) -> dict[str, Channel]:
        """The channels that are set up; `stream` is where the console's messages go."""
        smtp_url, folder = self.settings.smtp_url, self.settings.message_folder
        names = ["console", *(["email"] if smtp_url else []), *(["file"] if folder else []), *PERSONAL]
        return open_channels(names, self._channel_settings(stream))

    def _channel_settings(self, stream: TextIO) -> ChannelSettings:
        smtp_url = self.settings.smtp_url
        return ChannelSettings(
            mail_from=self.settings.mail_from,
            smtp_url=smtp_url.get_secret_value() if smtp_url else None,
            folder=self.settings.message_folder,
            stream=stream,
            sender_name=self.settings.SENDER_NAME,
            clock=self.clock,
            resolve=reaching.resolver(self.engine, self.settings),
            allow_private=self.settings.allow_private_addresses,
        )

    def try_out(self, ways: Sequence[Way], words: Messages, stream: TextIO) -> list[Outcome]:
        """Send one message each way, and tell what came of it. Where it was taken, messages go again from now on."""
        message = Message(words.text("title.coach"), words.text("trial.text"), language=words.language)
        domain = self._channel_settings(stream).message_domain
        outcomes = asyncio.run(reaching.try_out(self.channels(stream), ways, message, domain))
        worked = [way.address for way, outcome in zip(ways, outcomes, strict=True) if isinstance(outcome, Delivered)]
        if worked:
            with writing(self.engine, None) as session:
                suspensions.resume(session, worked)
        return outcomes

    def send_once(self, address: Address, message: Message) -> Outcome:
        """Send a message that nobody waits for in the outbox, and tell what came of it."""
        domain = self._channel_settings(sys.stdout).message_domain
        way = Way(address, address.channel)
        (outcome,) = asyncio.run(reaching.try_out(self.channels(sys.stdout), [way], message, domain))
        return outcome

    def plan_nudges(self) -> int:
        """Of many persons some at a time: what comes in meanwhile need not wait until everybody was looked at."""
        new = self._plan_some()
        while self._rounds.goes_on:
            new += self._plan_some()
        return new

    def _plan_some(self) -> int:
        new = messenger.plan_nudges(self.engine, self.settings, self.clock(), self._rounds)
        return new + digest.plan(self.engine, self.settings, self.clock())

    def keep_weeks(self) -> int:
        return keep_weeks(self.engine, self.clock())

    async def word_ahead(self) -> None:
        """Of many persons some at a time, between which it can be stopped."""
        await asyncio.to_thread(ahead.let_go, self.engine, self.clock())
        if self._shares:
            await asyncio.to_thread(spread_wording, self.engine, self.clock())
            return
        persons = await asyncio.to_thread(self._lacking)
        for start in range(0, len(persons), _AT_A_TIME):
            some = persons[start : start + _AT_A_TIME]
            await asyncio.to_thread(messenger.word_each, self.engine, self.links, some, self.clock)

    def _lacking(self) -> Sequence[int]:
        with reading(self.engine) as session:
            return ahead.lacking(session, self.clock())

    async def deliver(
        self, channels: Mapping[str, Channel], told: Callable[[Sequence[Settled]], None] | None = None
    ) -> None:
        """Deliver what is due; `told` learns what became of it."""
        with (
            messenger.preparing(self.engine, self.links) as of_persons,
            digest.preparing(self.engine, self.settings) as of_clinicians,
        ):
            await deliver_due(
                self.engine,
                clock=self.clock,
                prepare={**of_persons, **of_clinicians},
                channels=channels,
                domain=self._channel_settings(sys.stdout).message_domain,
                limits=policy.LIMITS,
                merge=policy.merged,
                told=told,
            )

    def sweep(self, channels: Mapping[str, Channel]) -> list[Settled]:
        """The same at once, for who waits for what becomes of it."""
        reports: list[Settled] = []
        asyncio.run(self.deliver(channels, reports.extend))
        return reports

    def let_go(self) -> None:
        retention.sweep(self, self.clock())

    def tick(self, stream: TextIO) -> list[Settled]:
        """One whole sweep: what is worth saying is planned, what is due is delivered, what is too old is let go."""
        channels = self.channels(stream)
        self.let_go()
        self.keep_weeks()
        self.plan_nudges()
        return self.sweep(channels)

    async def serve(
        self,
        stop: asyncio.Event,
        ready: Callable[[], None],
        *,
        listen: str | None = None,
        sweeps: bool = True,
        pages: bool = True,
    ) -> None:
        """Sweep, do what is deferred, and take what is dropped, until told to stop; `ready` is called once nothing
        stands in the way.

        With `listen`, host and port, all pages are served there; without, only what the links of messages lead to.
        Without `sweeps` pages are all there is, and without `pages` there are none: others do the rest.

        Raises:
            AlreadyRunningError: another scheduler works on this home, or on this file.
            DatabaseError: another version of the program has taken the database over meanwhile.
            ChannelError: a channel's settings do not make sense.
        """
        loop = asyncio.get_running_loop()
        if not sweeps:
            loop.call_soon(ready)
            async with self._serving_pages(listen, stop):
                await run([], stop)
            return
        vigil = Vigil(self.engine, self.clock, stop)
        jobs = [vigil.job, *self._jobs(self.channels(sys.stdout))]
        with self._alone():
            await asyncio.to_thread(self._take_what_was_left)
            loop.call_soon(ready)  # that is after `run` has taken the signals over
            async with (
                self._taking_what_is_dropped(stop),
                working(self, stop, None if self._shares else self._rounds),
                self._serving_pages(listen, stop) if pages else nullcontext(),
            ):
                await run(jobs, stop)
        vigil.refuse()

    def _jobs(self, channels: Mapping[str, Channel]) -> list[Job]:
        """What comes again and again. Who sweeps alone does at once what there is; several share it as tasks."""

        async def plan() -> None:
            if self._shares:
                await asyncio.to_thread(spread_round, self.engine, self.clock())
            else:
                await asyncio.to_thread(self._plan_some)
                while self._rounds.goes_on:  # between which it can be stopped
                    await asyncio.to_thread(self._plan_some)

        async def keep() -> None:
            if self._shares:
                await asyncio.to_thread(spread_keeping, self.engine, self.clock())
            else:
                await asyncio.to_thread(self.keep_weeks)

        async def deliver() -> None:
            await self.deliver(channels)

        async def let_go() -> None:
            await asyncio.to_thread(self.let_go)

        jobs = [
            Job("plan", PLAN_EVERY, plan),
            Job("deliver", _DELIVER_EVERY, deliver),
            Job("keep", KEEP_EVERY, keep),
            Job("word", WORD_EVERY, self.word_ahead),
            Job("let_go", _LET_GO_EVERY, let_go),
        ]
        return [*jobs, Job("push", _PUSH_EVERY, self._push)] if self.settings.server_url else jobs

    async def _push(self) -> None:
        from coach.pushing.pushing import pass_on  # loads an HTTP client

        await asyncio.to_thread(pass_on, self.settings)

    def _take_what_was_left(self) -> None:
        """Live sessions whose program was killed."""
        from devices.ble import journals

        if not journals.found(self.settings.home, journals.State.OPEN):
            return
        from coach.riding import keeping  # loads the radio's libraries, which are six megabytes

        for kept in keeping.recover(self):
            log.info("A session that was cut off: %s", kept.outcome)

    @asynccontextmanager
    async def _taking_what_is_dropped(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Meanwhile watch the drop folder, where there is one; at the end its file of the moment is finished."""
        folder = self.settings.drop_folder
        if folder is None:
            yield
            return
        watching = asyncio.create_task(drop.watch(folder, Inbox(self.engine, self.clock, folder, stop).take, stop))
        try:
            yield
        finally:
            stop.set()
            await watching

    def _serving_pages(self, listen: str | None, stop: asyncio.Event) -> AbstractAsyncContextManager[None]:
        if listen is None and self.links is None:
            return nullcontext()
        from coach.web.pages import pages, site  # costs, and few commands serve
        from coach.web.serving import serving

        if listen is not None:
            web = site(self, self.links)
            return serving(web, listen, stop, web.state.site)
        return nullcontext() if self.links is None else serving(pages(self, self.links), self.settings.listen, stop)

    def _alone(self) -> AbstractContextManager[object]:
        if self._shares:
            return nullcontext()
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)  # the database may lie elsewhere
        return alone(self.settings.home, Path(self.engine.url.database or "").absolute())


def open_service(clock: Clock = utc_now, *, lasting: bool = False) -> Service:
    """As `open_app`."""
    app = open_app(clock, lasting=lasting)
    return Service(app.settings, app.engine, app.clock)
