"""What a worker is doing, as its parent sees it."""

from __future__ import annotations

from spec2bdd.adapters.behave.executors.worker_state import WorkerState


def test_a_worker_that_has_not_begun_does_nothing() -> None:
    state = WorkerState()
    assert (state.opened, state.scenario, state.step) == (False, -1, -1)
    assert state.measure(100.0) == (0.0, 0.0)
    assert not state.is_overdue(0.0, 100.0)


def test_the_running_scenario_and_step_are_measured_each_from_its_begin() -> None:
    state = WorkerState()
    state.open_feature(1.0)
    assert (state.opened, state.measure(3.0)) == (True, (0.0, 0.0))
    state.begin_scenario(0, 10.0)
    state.begin_step(0, 12.0)
    assert (state.scenario, state.step, state.measure(15.0)) == (0, 0, (5.0, 3.0))
    state.end_step()
    assert (state.step, state.measure(16.0)) == (-1, (6.0, 0.0))
    state.begin_step(1, 17.0)
    state.end_scenario(18.0)
    assert (state.scenario, state.step, state.measure(20.0)) == (-1, -1, (0.0, 0.0))


def test_hooks_between_scenarios_can_be_overdue_and_a_wait_for_work_cannot() -> None:
    state = WorkerState()
    state.open_feature(10.0)
    assert [state.is_overdue(5.0, now) for now in (15.0, 15.1)] == [False, True]
    state.end_scenario(20.0)
    assert [state.is_overdue(5.0, now) for now in (25.0, 25.1)] == [False, True]
    state.pause_clock()
    assert not state.is_overdue(5.0, 1000.0)
    state.resume_clock(30.0)
    assert [state.is_overdue(5.0, now) for now in (35.0, 35.1)] == [False, True]


def test_a_fork_that_went_on_with_the_run_is_seen_once() -> None:
    state = WorkerState()
    assert not state.take_fork()
    state.record_fork()
    assert [state.take_fork(), state.take_fork()] == [True, False]
