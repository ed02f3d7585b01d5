"""Which engine answers, by the settings."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tasks_app.inference.contract import Engine

_OURS = {
    "local": "tasks_app.inference.local.LocalEngine",
    "llm": "tasks_app.inference.llm.configured_engine",
}
"""What makes each: imported when it is chosen, for only then is it worth its time."""


def create_engine(name: str | None = None) -> Engine:
    """The engine called `name`, by default the one that the settings choose.

    A dotted path names an Engine class that needs no arguments. Raises
    `ImproperlyConfigured`.
    """
    name = _chosen(name)
    if name not in _OURS:
        return _custom_engine(name)
    make: Callable[[], Engine] = import_string(_OURS[name])
    return make()


def check_engine() -> None:
    """Raise `ImproperlyConfigured` if the engine of the settings cannot be made.

    The local one has nothing to set, and would take a second to load.
    """
    if _chosen() != "local":
        create_engine()


def _chosen(name: str | None = None) -> str:
    """`auto` is the LLM where a key is set and the local engine elsewhere, which is
    decided here, once: nothing falls back later in silence.
    """
    name = name or settings.ENGINE
    if name == "auto":
        return "llm" if settings.LLM_API_KEY else "local"
    return name


def _custom_engine(path: str) -> Engine:
    try:
        engine_class = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            _("PULSEWEAVE_ENGINE=%(path)s 无法导入：%(reason)s")
            % {"path": path, "reason": error}
        ) from error
    if not all(hasattr(engine_class, part) for part in ("name", "analyze", "aclose")):
        raise ImproperlyConfigured(
            _("PULSEWEAVE_ENGINE=%(path)s 不是引擎：需要 name、analyze 和 aclose")
            % {"path": path}
        )
    engine: Engine = engine_class()
    return engine
