"""What a poll asks: its kind, options and limits, and which answers fit it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.core.base import Context, ShortTextIn
from server.core.refusals import Refusal
from server.core.setup import Text

MAX_OPTIONS = 20
MAX_SCALE_STEPS = 11
LETTERS = "abcdefghijklmnopqrst"

Kind = Literal["single", "multiple", "scale"]
Visibility = Literal["published", "live"]
Answer = tuple[str, ...]


class Settings(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """`min` and `max` options of a multiple choice; `from`, `to` and the end labels of a scale."""

    min: Annotated[int, Meta(ge=1, le=MAX_OPTIONS)] | None = None
    max: Annotated[int, Meta(ge=1, le=MAX_OPTIONS)] | None = None
    from_: Annotated[int, Meta(ge=0, le=1)] | None = None
    to: Annotated[int, Meta(ge=2, le=10)] | None = None
    low: ShortTextIn | None = None
    high: ShortTextIn | None = None
    visibility: Visibility | None = None


class Form(msgspec.Struct, frozen=True):
    """What is asked. `order` holds the option ids: `a`, `b`, … or the numbers of a scale; `options` has no texts for a scale."""

    kind: str
    prompt: Text
    order: tuple[str, ...]
    options: dict[str, Text]
    min: int
    max: int
    low: Text | None
    high: Text | None
    visibility: str


def build(ctx: Context, kind: str, prompt: Text, options: list[Text], settings: Settings) -> Form:
    """Return the form of a poll, or refuse one that makes no sense: `poll.options`, `poll.range`."""
    visibility = settings.visibility or "published"
    if kind == "scale":
        first = 1 if settings.from_ is None else settings.from_
        last = settings.to or 5
        if options:
            raise Refusal("poll.options", options="a scale has numbers, not options")
        if last - first + 1 > MAX_SCALE_STEPS:
            raise Refusal("poll.range", to="too many steps")
        low = None if settings.low is None else ctx.text(settings.low, "low")
        high = None if settings.high is None else ctx.text(settings.high, "high")
        order = tuple(str(number) for number in range(first, last + 1))
        return Form(kind, prompt, order, {}, 1, 1, low, high, visibility)
    if not 2 <= len(options) <= MAX_OPTIONS:
        raise Refusal("poll.options", options="two or more")
    least, most = 1, 1
    if kind == "multiple":
        least = settings.min or 1
        most = settings.max or len(options)
        if not least <= most <= len(options):
            raise Refusal("poll.range", max="min <= max <= number of options")
    order = tuple(LETTERS[: len(options)])
    return Form(kind, prompt, order, dict(zip(order, options, strict=True)), least, most, None, None, visibility)


def settings_of(form: Form) -> Settings:
    """Return the settings that a form was built from, so that it can be built again with other words or options."""
    visibility: Visibility = "live" if form.visibility == "live" else "published"
    if form.kind == "scale":
        return Settings(
            from_=int(form.order[0]), to=int(form.order[-1]), low=form.low, high=form.high, visibility=visibility
        )
    # An unlimited multiple choice stays unlimited when options are added or taken away.
    most = None if form.max == len(form.order) else form.max
    return Settings(min=form.min, max=most, visibility=visibility)


def checked(form: Form, answer: tuple[str | int, ...]) -> Answer:
    """Return the answer as option ids, or refuse: unknown option, the same one twice, too few or too many."""
    wanted, named = (int, "a number") if form.kind == "scale" else (str, "option ids")
    chosen: Answer = ()
    for item in answer:
        if not isinstance(item, wanted):
            raise Refusal("ballot.option", answer=named)
        option = str(item)
        if option not in form.order or option in chosen:
            raise Refusal("ballot.option", answer="unknown or repeated option")
        chosen += (option,)
    if not form.min <= len(chosen) <= form.max:
        raise Refusal("ballot.count", min=str(form.min), max=str(form.max))
    return chosen
