"""Which language a request is answered in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

_YEAR_S = 365 * 24 * 3600


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
            _remember(response, chosen, is_secure=request.is_secure())
        return response


def _supported(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None


def _remember(response: HttpResponseBase, language: str, *, is_secure: bool) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR_S,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )
