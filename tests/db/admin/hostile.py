"""Tasks all of whose texts would be markup or script, if somebody forgot to escape."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from tasks_app import lifecycle
from tasks_app.models import Review, Task, TaskEvent, Verdict
from tests.db.admin.steps import HOSTILE
from tests.db.examples import completed, draft, failed, store

PAYLOADS = (
    HOSTILE,
    "'\" onmouseover=alert(3) autofocus onfocus=alert(4) x=",
    "</pre></textarea></title><svg/onload=alert(5)>",
    "javascript:alert(6)",
    "{{ alert(7) }}{% debug %}${alert(8)}",
    "\u202e\u2066\u200b\ufeff<b>\x01\x7f",
)


def hostile_tasks() -> list[Task]:
    """One that failed, and for each payload one that was completed and reviewed."""
    return [_failed(HOSTILE), *(_completed(payload) for payload in PAYLOADS)]


def _claimed(payload: str) -> Task:
    given = draft(
        payload,
        owner=f"client:{payload}"[:64],
        event=hostile_event(payload),
        key=f"{payload}{uuid4()}"[-128:],
    )
    store(given)
    moves = lifecycle.claim(100, payload[:80], lease_s=30)
    return next(move.task for move in moves if move.task.pk == given.id)


def _failed(payload: str) -> Task:
    task = _claimed(payload)
    lifecycle.finish([failed(task, payload)])
    Task.objects.filter(pk=task.pk).update(error_code=payload[:40])
    return task


def _completed(payload: str) -> Task:
    task = _claimed(payload)
    lifecycle.finish([completed(task)])
    Task.objects.filter(pk=task.pk).update(
        result=hostile_result(payload),
        task_type=payload[:20],
        priority_level=payload[:10],
        engine=payload[:40],
        model_version=payload[:120],
    )
    moves = TaskEvent.objects.filter(task=task)
    moves.update(actor=f"staff:{payload}"[:90], detail=payload)
    Review.objects.create(
        task=task,
        verdict=Verdict.WRONG,
        corrected_type=payload[:20],
        note=payload,
        reviewed_at=timezone.now(),
    )
    return task


def hostile_event(payload: str) -> dict[str, Any]:
    """As a device may send it: known fields and one of its own."""
    names = ("event_id", "transcript", "event_type", "emotion")
    return {
        **dict.fromkeys(names, payload),
        "speakers": [
            {"speaker_id": payload, "speaker_label": payload, payload: payload}
        ],
        "audio_features": {"language": payload, payload: payload},
        "entities": [{"type": payload, "value": payload}],
        "tags": [payload],
        "privacy": {"pii_types": [payload]},
        "nlu": {"intents": [{payload: payload}], "summary": payload},
        payload: {payload: [payload]},
    }


def hostile_result(payload: str) -> dict[str, Any]:
    names = ("summary_text", "suggested_plan", "model_version", "task_type")
    lists = ("potential_omissions", "suggested_tags", "reminder_suggestions")
    return {
        **dict.fromkeys(names, payload),
        **{name: [payload] for name in lists},
        "extracted_entities": [
            {"type": payload, "value": payload, "start": 0, "end": 5, payload: payload}
        ],
        "speaker_insights": {"primary_speaker": payload},
        "audio_quality_assessment": {"overall_quality": payload, payload: payload},
        payload: payload,
    }
