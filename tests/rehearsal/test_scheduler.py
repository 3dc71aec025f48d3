"""The scheduler calls things at their time, in order, with one timer."""

from __future__ import annotations

from server.rehearsal.measure import LoopLag
from server.rehearsal.scheduler import Call, Scheduler


class Clock:
    """A clock and the one timer that is armed; `move` lets time pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timer: Handle | None = None
        self.armed = 0

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Call) -> Handle:
        self.armed += 1
        self.timer = Handle(self, self.now + delay, call)
        return self.timer

    def move(self, seconds: float, late: float = 0.0) -> None:
        end = self.now + seconds
        while self.timer is not None and self.timer.when <= end:
            timer, self.timer = self.timer, None
            self.now = max(self.now, timer.when) + late
            timer.call()
        self.now = max(self.now, end)


class Handle:
    def __init__(self, clock: Clock, when: float, call: Call) -> None:
        self.clock = clock
        self.when = when
        self.call = call

    def cancel(self) -> None:
        if self.clock.timer is self:
            self.clock.timer = None


def made() -> tuple[Clock, Scheduler, list[str]]:
    clock = Clock()
    return clock, Scheduler(clock.time, clock.call_later), []


def test_calls_happen_in_the_order_of_their_time() -> None:
    clock, scheduler, seen = made()
    scheduler.after(2, lambda: seen.append("second"))
    scheduler.after(1, lambda: seen.append("first"))
    scheduler.after(9, lambda: seen.append("never"))
    clock.move(3)
    assert seen == ["first", "second"]


def test_calls_of_the_same_instant_keep_their_order() -> None:
    clock, scheduler, seen = made()
    for name in "abc":
        scheduler.at(1, lambda name=name: seen.append(name))  # type: ignore[misc]
    clock.move(1)
    assert seen == ["a", "b", "c"]


def test_a_call_may_ask_for_more() -> None:
    clock, scheduler, seen = made()

    def tick() -> None:
        seen.append(f"{clock.now:g}")
        scheduler.after(1, tick)

    scheduler.after(1, tick)
    clock.move(3)
    assert seen == ["1", "2", "3"]


def test_an_earlier_call_moves_the_timer_and_a_later_one_does_not() -> None:
    clock, scheduler, _ = made()
    scheduler.after(5, lambda: None)
    scheduler.after(6, lambda: None)
    assert clock.armed == 1
    scheduler.after(1, lambda: None)
    assert clock.armed == 2
    assert clock.timer is not None
    assert clock.timer.when == 1


def test_nothing_happens_after_closing() -> None:
    clock, scheduler, seen = made()
    scheduler.after(1, lambda: seen.append("late"))
    scheduler.close()
    scheduler.after(1, lambda: seen.append("later"))
    clock.move(5)
    assert seen == []


def test_the_lag_is_how_late_timers_fire() -> None:
    clock, scheduler, _ = made()
    lag = LoopLag(scheduler, period=1.0)
    clock.move(2.5)
    assert list(lag.lags) == [0.0, 0.0]
    lag.forget()
    clock.move(1.0, late=0.25)
    assert list(lag.lags) == [0.25]
