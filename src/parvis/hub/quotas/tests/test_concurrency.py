"""The counter: who may ask at once, who waits, who is sent away. Time is told by the test."""

import threading

import pytest

from parvis.hub.quotas.clock import SharedClock
from parvis.hub.quotas.concurrency import HEAVY_SECONDS, Bounds, ConcurrencyLimiter, Full, Permits


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def counter(**bounds) -> tuple[ConcurrencyLimiter, Hand]:
    hand = Hand()
    return ConcurrencyLimiter(Bounds(**{"seconds": 0.0, **bounds}), hand), hand


def learn(places: ConcurrencyLimiter, hand: Hand, shape: str, seconds: float) -> None:
    turn = places.enter("somebody", shape)
    hand.at += seconds
    places.leave(turn)


def test_what_questions_are_charged_adds_up_to_the_time_that_passed():
    hand = Hand()
    clock = SharedClock(hand)
    first = clock.enter()
    hand.at = 2
    second = clock.enter()
    hand.at = 6
    first_cost = clock.leave(first)
    hand.at = 7
    second_cost = clock.leave(second)
    hand.at = 100
    assert (first_cost, second_cost) == (4, 3)
    third = clock.enter()
    hand.at = 101
    assert clock.leave(third) == 1


def test_one_caller_takes_some_heavy_places_and_leaves_the_others():
    places, hand = counter(heavy=3, heavy_of_one=2)
    learn(places, hand, "slow", 1)
    turns = [places.enter("greedy", "slow") for _n in range(5)]
    assert [turn is not None for turn in turns] == [True, True, False, False, False]
    assert places.enter("other", "slow") is not None
    assert places.enter("third", "slow") is None
    places.leave(turns[0])
    assert places.enter("third", "slow") is not None


def test_light_questions_pass_beside_heavy_ones_even_those_of_the_same_caller():
    places, hand = counter(heavy=2, heavy_of_one=2)
    learn(places, hand, "slow", 1)
    learn(places, hand, "quick", 0.001)
    for _n in range(4):
        places.enter("greedy", "slow")
    assert all(places.enter("greedy", "quick") for _n in range(5))
    assert places.enter("other", "quick")


def test_a_question_that_lasts_becomes_heavy_while_it_runs():
    places, hand = counter(heavy=1, heavy_of_one=1)
    learn(places, hand, "slow", 1)
    assert places.enter("one", "never seen")
    hand.at += HEAVY_SECONDS
    assert places.enter("two", "slow") is None


def test_a_shape_is_light_again_when_its_questions_are():
    places, hand = counter(heavy=1, heavy_of_one=1)
    learn(places, hand, "warm", 1)
    for _n in range(6):
        learn(places, hand, "warm", 0.0)
    assert all(places.enter("one", "warm") for _n in range(3))


def test_an_unknown_shape_does_not_take_all_the_places_of_its_caller():
    places, _hand = counter(of_one=6, unknown_of_a_shape=4)
    assert [places.enter("one", "new") is not None for _n in range(5)] == [True] * 4 + [False]
    assert [places.enter("one", f"new {n}") is not None for n in range(3)] == [True, True, False]
    assert places.enter("two", "new")


def test_a_place_given_back_goes_to_who_waits():
    places = ConcurrencyLimiter(Bounds(heavy=1, heavy_of_one=1, seconds=20.0))
    places._costs["slow"] = 10.0
    turn = places.enter("one", "slow")
    got = []
    waiting = threading.Thread(target=lambda: got.append(places.enter("two", "slow")))
    waiting.start()
    while not places._state.waiting:
        pass
    places.leave(turn)
    waiting.join(20)
    assert got
    assert got[0] is not None


def test_whoever_finds_no_place_to_wait_is_sent_away_at_once():
    places = ConcurrencyLimiter(Bounds(heavy=1, heavy_of_one=1, waiting=1, waiting_of_one=1, seconds=20.0))
    places._costs["slow"] = 10.0
    turn = places.enter("one", "slow")
    waiting = threading.Thread(target=lambda: places.leave(places.enter("two", "slow")))
    waiting.start()
    while not places._state.waiting:
        pass
    assert places.enter("three", "slow") is None
    places.leave(turn)
    waiting.join(20)
    assert not places._state.waiting


def test_files_on_their_way_are_counted_by_caller_and_in_all():
    places, _hand = counter(streams=3, streams_of_one=2)
    assert [places.start_stream("one") for _n in range(3)] == [True, True, False]
    assert places.start_stream("two")
    assert not places.start_stream("three")
    places.end_stream("one")
    assert places.start_stream("three")


def test_a_counter_asked_by_many_threads_ends_empty():
    places = ConcurrencyLimiter(Bounds(seconds=30.0, waiting=100, waiting_of_one=100))

    def work(number: int) -> None:
        for _n in range(30):
            turn = places.enter(f"client {number % 3}", f"shape {number}")
            assert turn is not None
            places.leave(turn)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not places._state.running
    assert places.clock.read() == pytest.approx(places.clock.read())


def test_permits_are_counted_by_kind_by_caller_and_in_all():
    places, _hand = counter()
    assert [places.take("checks", "one", Permits(3, 2)) for _n in range(3)] == [None, None, Full.OF_ONE]
    assert places.take("checks", "two", Permits(3, 2)) is None
    assert places.take("checks", "three", Permits(3, 2)) is Full.IN_ALL
    assert places.take("pdf", "one") is None
    places.give_back("checks", "one")
    assert places.take("checks", "three", Permits(3, 2)) is None
