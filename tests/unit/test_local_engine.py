"""The local engine as the worker sees it."""

import asyncio

from tasks_app.inference.contract import Request, dump_result
from tasks_app.inference.local import LocalEngine
from tests.unit.local_requests import NOW


async def test_it_answers_with_its_name_and_reports_progress() -> None:
    engine, told = LocalEngine(), []
    result = await engine.analyze(
        Request(text="明早七点去机场", now=NOW),
        lambda fraction, stage: told.append((fraction, stage)),
    )
    await engine.aclose()
    assert (engine.name, result.model_version) == ("local", "local:1")
    assert [fraction for fraction, _ in told] == [0.1, 1.0]
    assert "insights" not in dump_result(result)


async def test_a_long_text_leaves_the_event_loop_free() -> None:
    engine, ticks = LocalEngine(), 0
    request = Request(text="周三三点到" * 400, now=NOW)
    analysis = asyncio.create_task(
        engine.analyze(request, lambda _fraction, _stage: None)
    )
    while not analysis.done():
        await asyncio.sleep(0)
        ticks += 1
    assert ticks > 2


async def test_the_same_text_gives_the_same_answer() -> None:
    engine = LocalEngine()
    request = Request(text="周五前把报告发给李经理", now=NOW)
    first, second = [
        (await engine.analyze(request, lambda _fraction, _stage: None)).model_copy(
            update={"latency_ms": 0}
        )
        for _ in range(2)
    ]
    assert first == second
