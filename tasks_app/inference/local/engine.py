"""The engine that needs no key and no network."""

import asyncio
import time
from datetime import UTC, datetime

from tasks_app.inference.contract import Progress, Request, Result, TaskType
from tasks_app.inference.local.checklists import omissions
from tasks_app.inference.local.classify import Evidence, classify
from tasks_app.inference.local.entities import find_entities
from tasks_app.inference.local.hearing import hearing
from tasks_app.inference.local.insights import tell_insights
from tasks_app.inference.local.plan import plan
from tasks_app.inference.local.sentence import (
    prepare,
    says_little,
)
from tasks_app.inference.local.summary import summarize
from tasks_app.inference.local.understanding import Understanding

MODEL_VERSION = "local:1"

_WARM_UP = ("明早七点去机场", "meet Tom at seven tomorrow")
"""In each language, so that all of its files are loaded."""
_INLINE_CHARACTERS = 200
"""Up to this length the analysis takes about as long as a switch of threads."""


class LocalEngine:
    """Rules and word lists; deterministic, without state, safe in any thread."""

    name = "local"
    model_version = MODEL_VERSION

    def __init__(self) -> None:
        """Loads dictionary and word lists (half a second), so that no request waits."""
        for text in _WARM_UP:
            understand(Request(text=text, now=datetime.now(UTC)))

    async def analyze(self, request: Request, progress: Progress) -> Result:
        """Long texts are read in a thread, so that the event loop is never held up."""
        progress(0.1, "analyzing")
        if len(request.text) <= _INLINE_CHARACTERS:
            result = understand(request)
        else:
            result = await asyncio.to_thread(understand, request)
        progress(1.0, "done")
        return result

    async def aclose(self) -> None:
        """Nothing is held."""


def likely_type(text: str, now: datetime) -> TaskType:
    """The type alone; `other` when the text does not tell it."""
    return classify(prepare(text, now)).task_type


def understand(request: Request) -> Result:
    """The whole analysis; never raises, whatever the text, in time linear in it."""
    started = time.perf_counter()
    sentence = prepare(request.text, request.now)
    verdict = classify(sentence)
    entities = find_entities(sentence)
    missing = omissions(
        verdict.task_type,
        sentence,
        entities,
        is_unclear=verdict.evidence is Evidence.NONE and says_little(sentence),
    )
    if verdict.is_declined:
        missing = []
    found = Understanding(sentence, request.now, verdict, entities, missing)
    heard = hearing(request.event, found.book)
    return Result(
        task_type=verdict.task_type,
        confidence=round(verdict.confidence * heard.factor, 2),
        potential_omissions=[slot.label for slot in missing],
        summary_text=summarize(found) + heard.note,
        suggested_plan=plan(found),
        latency_ms=round((time.perf_counter() - started) * 1000),
        model_version=MODEL_VERSION,
        insights=tell_insights(found, request.event) if request.event else None,
    )
