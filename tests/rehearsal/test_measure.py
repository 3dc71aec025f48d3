"""Percentiles are nearest ranks, and the way of a change is measured from its sending to its sight."""

from __future__ import annotations

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rehearsal.measure import Sightings, Spread, percentile, reach, spread


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1.0), (0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (0.995, 100.0), (1.0, 100.0)]
)
def test_percentiles_of_one_to_a_hundred(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(1, 101)], share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_middle_is_the_low_median_and_the_whole_is_the_largest(sample: list[float]) -> None:
    ordered = sorted(sample)
    assert percentile(ordered, 0.5) == median_low(sample)
    assert percentile(ordered, 1.0) == max(sample)


def test_a_spread_is_in_milliseconds() -> None:
    assert spread([0.2, 0.0101, 0.01]) == Spread(3, 10.1, 200.0, 200.0, 200.0)


def test_nothing_measured_is_said_as_such() -> None:
    assert spread([]) == Spread(0, None, None, None, None)


def test_a_change_is_seen_with_the_first_frame_at_or_after_it() -> None:
    sightings = Sightings()
    sightings.saw(3, 1.0)
    sightings.saw(7, 2.0)
    sightings.saw(7, 2.5)
    assert [sightings.first(seq) for seq in (1, 3, 4, 7, 8)] == [1.0, 1.0, 2.0, 2.0, None]


def test_reach_counts_every_observer_and_only_what_was_seen() -> None:
    near, far = Sightings(), Sightings()
    near.saw(5, 10.1)
    far.saw(6, 10.5)
    near.saw(9, 11.0)
    times = reach([(5, 10.0), (9, 10.9), (12, 11.0)], [near, far])
    assert [round(time, 6) for time in times] == [0.1, 0.5, 0.1]


def test_a_change_that_an_observer_held_before_it_was_sent_is_not_measured() -> None:
    sightings = Sightings()
    sightings.saw(8, 1.0)
    assert reach([(7, 2.0)], [sightings]) == []
