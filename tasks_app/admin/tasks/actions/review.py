"""Reviews: one task after the other, the least sure first, with a key for each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks_app import reviews
from tasks_app.admin import audit_log
from tasks_app.admin.audit_log import LoggedAction
from tasks_app.admin.labels import TASK_TYPES
from tasks_app.admin.permissions import (
    has_task_permission,
    staff_user,
    task_permission_required,
)
from tasks_app.admin.read_only import ReadOnlyAdmin
from tasks_app.admin.tasks import columns
from tasks_app.errors import ReviewError
from tasks_app.models import Review, Task, Verdict
from tasks_app.reviews import NOTE_LENGTH, REVIEWABLE, Judgement

_QUEUE = "admin:tasks_app_task_queue"
_PAGE = "admin:tasks_app_task_change"
_KEYS = "1234567890"
"""Of the types, in their order."""
_SKIPPED = "skipped_reviews"
_SKIPS = 200
"""So many are remembered, in the session."""
_MANY = 1000


class _Note(forms.CharField):
    """A browser counts a line's end as one character, and sends it as two."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReviewForm(forms.Form):
    """A verdict, or at once the right type of what is wrong."""

    verdict = forms.ChoiceField(choices=Verdict.choices, required=False)
    corrected_type = forms.ChoiceField(
        choices=[("", ""), *TASK_TYPES.items()], required=False
    )
    note = _Note(max_length=NOTE_LENGTH, required=False)
    seen = forms.CharField(required=False)
    """When the review was written that its reviewer saw; none = nothing was there."""

    def clean_seen(self) -> datetime | None:
        given = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(given) if given else None
        except ValueError:
            raise forms.ValidationError("not a time") from None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("corrected_type") and not given.get("verdict"):
            given["verdict"] = Verdict.WRONG
        if not given.get("verdict"):
            raise forms.ValidationError(_("请选择结论"))
        return given

    @property
    def judgement(self) -> Judgement:
        given = self.cleaned_data
        return Judgement(
            Verdict(given["verdict"]), given["corrected_type"], given["note"].strip()
        )


class ReviewAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[URLPattern]:
        queue, one = self.guarded(self.queue_view), self.guarded(self.review_view)
        own = [
            path("review/", queue, name="tasks_app_task_queue"),
            path("<uuid:task_id>/review/", one, name="tasks_app_task_review"),
        ]
        return own + super().get_urls()

    def has_review_permission(self, request: HttpRequest) -> bool:
        return has_task_permission(request.user, "review")

    @task_permission_required("review")
    def queue_view(self, request: HttpRequest) -> HttpResponseBase:
        """The next one; those that are skipped come no more in this session."""
        skipped = request.session.get(_SKIPPED, [])
        if request.method == "POST":
            if (skip := _id_of(request.POST.get("skip"))) is not None:
                request.session[_SKIPPED] = [*skipped, str(skip)][-_SKIPS:]
            return HttpResponseRedirect(request.path)
        task = reviews.next_to_review(staff_user(request).pk, map(UUID, skipped))
        return self._review_page(request, task, is_queue=True)

    @task_permission_required("review")
    def review_view(self, request: HttpRequest, task_id: UUID) -> HttpResponseBase:
        """One task, whoever has reviewed it before."""
        task = Task.objects.filter(pk=task_id, status__in=REVIEWABLE).first()
        if task is None:
            raise Http404
        is_queue = "queue" in request.GET
        if request.method != "POST":
            return self._review_page(request, task, is_queue)
        form = ReviewForm(request.POST)
        if not form.is_valid() or not self._record(request, task, form):
            return self._review_page(request, task, is_queue, form)
        if is_queue:
            return HttpResponseRedirect(f"{reverse(_QUEUE)}?last={task.pk}")
        messages.success(request, gettext("已保存复核"))
        return HttpResponseRedirect(self.address(request, _PAGE, task.pk))

    def _record(self, request: HttpRequest, task: Task, form: ReviewForm) -> bool:
        """Whether the review is taken; if not, the form says why."""
        judgement, reviewer = form.judgement, staff_user(request)
        try:
            with transaction.atomic():
                reviews.review(
                    task.pk, judgement, reviewer.pk, form.cleaned_data["seen"]
                )
                audit_log.write(reviewer.pk, [_logged_action(task, judgement)])
        except ReviewError as error:
            form.add_error(None, str(error.text))
            return False
        return True

    def _review_page(
        self,
        request: HttpRequest,
        task: Task | None,
        is_queue: bool,
        form: ReviewForm | None = None,
    ) -> HttpResponse:
        last = Review.objects.filter(pk=_id_of(request.GET.get("last")))
        last_review = last.select_related("task").first()
        context = {
            **self.page_context(request, gettext("复核")),
            **review_context(task, form),
            "is_queue": is_queue,
            "waiting": reviews.count_to_review(_MANY) if is_queue else None,
            "many": _MANY,
            "last": last_review,
            "last_correction": _correction_of(last_review),
        }
        return TemplateResponse(
            request, "tasks_app/admin/tasks/actions/review.html", context
        )


def review_context(task: Task | None, form: ReviewForm | None = None) -> dict[str, Any]:
    """What the form of a review shows; its reviewer sees the latest review."""
    review = Review.objects.filter(task=task).select_related("reviewer").first()
    return {
        "task": task,
        "is_reviewable": task is not None and task.status in REVIEWABLE,
        "review": review,
        "seen": review.reviewed_at.isoformat() if review else "",
        "note": form.data.get("note", "") if form else review.note if review else "",
        "form": form,
        "note_length": NOTE_LENGTH,
        "corrected_name": _correction_of(review),
        "predicted_name": columns.task_type(task) if task else "",
        "confidence": columns.confidence(task) if task else "",
        "types": [
            (key, kind, label, task is not None and kind == task.task_type)
            for key, (kind, label) in zip(_KEYS, TASK_TYPES.items(), strict=True)
        ],
    }


def _correction_of(review: Review | None) -> str | Promise | None:
    if review is None:
        return None
    return TASK_TYPES.get(review.corrected_type, review.corrected_type)


def _logged_action(task: Task, judgement: Judgement) -> LoggedAction:
    facts: dict[str, object] = {"verdict": judgement.verdict.label}
    if not judgement.corrected_type:
        return LoggedAction(task.pk, audit_log.REVIEWED, facts)
    facts["type"] = TASK_TYPES[judgement.corrected_type]
    return LoggedAction(task.pk, audit_log.CORRECTED, facts)


def _id_of(given: str | None) -> UUID | None:
    try:
        return UUID(given or "")
    except ValueError:
        return None
