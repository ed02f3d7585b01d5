"""How tasks end: most well, some fail, now and then a provider is out of order."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from math import log
from random import Random

from tasks_app.demo.events import insights_of
from tasks_app.demo.phrases import Kind, Phrasebook
from tasks_app.demo.simulation import MAX_ATTEMPTS, QUEUE_DEADLINE, Simulation
from tasks_app.inference.llm.failures import Failure
from tasks_app.states import Status

_WORKERS = tuple(
    f"node{n}-{4000 + 37 * n}-{n * 2654435761 % 16**6:06x}" for n in (1, 2, 3)
)
_OF_LLM = 0.7
"""The part that a language model answers."""
_VERSIONS = {"llm": "deepseek:deepseek-flash", "local": "local:1"}
_RUN_S = {"llm": 3.2, "local": 0.004}
_OVERCONFIDENCE = {"llm": 0.07, "local": 0.0}

_CANCELLED = 0.035
_EXPIRED = 0.001
_LOST = 0.01
"""Claims whose worker dies."""
_FAILED = {"llm": 0.06, "local": 0.004}
_FAILED_IN_INCIDENT = 0.45
_DAYS_PER_INCIDENT = 6

_LLM_FAILURES = {
    Failure.TIMEOUT: 30,
    Failure.BUSY: 15,
    Failure.RATE_LIMITED: 14,
    Failure.SERVER_ERROR: 8,
    Failure.NETWORK: 8,
    Failure.DEADLINE: 8,
    Failure.BAD_JSON: 6,
    Failure.BAD_FIELDS: 3,
    Failure.TRUNCATED: 3,
    Failure.CONTENT_FILTER: 3,
    Failure.BALANCE: 2,
}
_CHARGED = {Failure.BAD_JSON, Failure.BAD_FIELDS, Failure.TRUNCATED}
_LONG = {Failure.TIMEOUT: 15.0, Failure.DEADLINE: 29.0}


class Outcomes:
    """How the tasks of one history end; incidents hit those that ask the provider."""

    def __init__(self, random: Random, since: datetime, until: datetime) -> None:
        self._random = random
        self._phrases = Phrasebook()
        days = (until - since) / timedelta(days=1)
        self._incidents = [
            (begun_at, begun_at + timedelta(hours=random.uniform(0.5, 3)))
            for begun_at in (
                since + (until - since) * random.random()
                for _ in range(round(days / _DAYS_PER_INCIDENT))
            )
        ]

    def run(self, simulation: Simulation, kind: Kind, *, may_expire: bool) -> None:
        """Simulate a task to its end."""
        self._run(simulation, kind, may_expire=may_expire)
        if simulation.task.status == Status.FAILED:
            simulation.task.task_type = kind.name

    def _run(self, simulation: Simulation, kind: Kind, *, may_expire: bool) -> None:
        random = self._random
        is_bad_hour = any(a <= simulation.now < b for a, b in self._incidents)
        engine = "llm" if random.random() < _OF_LLM else "local"
        if may_expire and random.random() < _EXPIRED:
            simulation.wait(QUEUE_DEADLINE.total_seconds() + random.uniform(0, 10))
            return simulation.fail("queue_expired", "排队时间过长，未能处理", "sweeper")
        wait_s = self._spread(0.15 * (20 if is_bad_hour else 1), 1.3, 90)
        if random.random() < _CANCELLED:
            return self._be_cancelled(simulation, wait_s)
        simulation.wait(wait_s)
        if not self._be_claimed(simulation):
            return None
        share = _FAILED_IN_INCIDENT if is_bad_hour else _FAILED[engine]
        is_failure = random.random() < share and (engine == "llm" or not is_bad_hour)
        simulation.task.engine, simulation.task.model_version = (
            engine,
            _VERSIONS[engine],
        )
        if is_failure:
            return self._fail(simulation, engine)
        return self._complete(simulation, engine, kind)

    def claim(self, simulation: Simulation, until: datetime) -> None:
        """By a worker that still has it then, and for a while."""
        simulation.claim(self._random.choice(_WORKERS))
        simulation.task.lease_expires_at = until + QUEUE_DEADLINE

    def _spread(self, median: float, sigma: float, most: float) -> float:
        """A duration whose logarithm is normal: most are short, some very long."""
        return min(most, self._random.lognormvariate(log(median), sigma))

    def _be_cancelled(self, simulation: Simulation, wait_s: float) -> None:
        random = self._random
        simulation.wait(wait_s * random.random())
        if random.random() < 0.6:
            simulation.claim(random.choice(_WORKERS))
            simulation.wait(self._spread(2, 0.8, 25))
        simulation.cancel("client")

    def _be_claimed(self, simulation: Simulation) -> bool:
        """Whether some worker survives long enough to end it."""
        random = self._random
        simulation.claim(random.choice(_WORKERS))
        while random.random() < _LOST * simulation.task.attempt**3:
            if simulation.task.attempt == MAX_ATTEMPTS:
                simulation.wait(30)
                simulation.fail(
                    "worker_lost", "处理任务的进程多次中断，已放弃", "sweeper"
                )
                return False
            simulation.lose_worker()
            simulation.wait(self._spread(0.15, 1.3, 90))
            simulation.claim(random.choice(_WORKERS))
        return True

    def _fail(self, simulation: Simulation, engine: str) -> None:
        if engine == "local":
            simulation.wait(self._spread(0.02, 1, 5))
            return simulation.fail("internal", "服务器内部错误")
        weights = list(accumulate(_LLM_FAILURES.values()))
        [failure] = self._random.choices(list(_LLM_FAILURES), cum_weights=weights)
        simulation.wait(_LONG.get(failure) or self._spread(2.5, 0.7, 29))
        if failure in _CHARGED:
            self._charge(simulation)
        return simulation.fail(failure.code, failure.text)

    def _complete(self, simulation: Simulation, engine: str, kind: Kind) -> None:
        random, task = self._random, simulation.task
        run_s = self._spread(_RUN_S[engine], 0.5, 28)
        sure = round(min(0.99, max(0.3, random.gauss(kind.confidence, 0.09))), 2)
        is_right = random.random() < sure - _OVERCONFIDENCE[engine]
        heard = kind if is_right else self._phrases.other_than(kind, random)
        task.task_type, task.confidence = heard.name, sure
        task.result = {
            "task_type": heard.name,
            "confidence": sure,
            "potential_omissions": heard.omissions(random),
            "summary_text": simulation.summary,
            "suggested_plan": heard.plan(random),
            "latency_ms": round(run_s * 1000),
            "model_version": task.model_version,
        }
        if task.event is not None:
            task.result |= insights_of(task.event, heard.name, random)
            task.priority_level = task.result["priority_level"]
        if engine == "llm":
            self._charge(simulation)
        simulation.wait(run_s)
        simulation.complete()

    def _charge(self, simulation: Simulation) -> None:
        """Tokens, and their cost at 2, 0.2 and 3 a million."""
        random, task = self._random, simulation.task
        prompt = 820 + len(task.text) + (240 if task.event else 0)
        cached = 768 if random.random() < 0.7 else 0
        completion = round(self._spread(190, 0.35, 900))
        task.prompt_tokens, task.cached_prompt_tokens = prompt, cached
        task.completion_tokens = completion
        tenths = 20 * (prompt - cached) + 2 * cached + 30 * completion
        task.cost = Decimal(tenths).scaleb(-7)
