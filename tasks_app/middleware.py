"""Which language a request is answered in, and what its page may load."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class PolicyMiddleware(CSPMiddleware):
    """The content security policy; the pages of staff have one of their own."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(reverse("admin:index")):
            parts.config = settings.ADMIN_POLICY
        return parts


class LanguageMiddleware:
    """Chinese, unless the visitor has chosen another language here.

    `?lang=en` chooses, and a cookie remembers. Accept-Language is ignored on purpose:
    the product speaks Chinese by default, whatever a browser was shipped with.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = _supported(request.GET.get("lang"))
        kept = _supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
        language = chosen or kept or settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        if chosen and chosen != kept:
            _remember(response, chosen)
        return response


def _supported(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None


def _remember(response: HttpResponseBase, language: str) -> None:
    """As Django does in the admin, where its own form is used."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
