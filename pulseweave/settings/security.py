"""Keys, hosts, HTTPS and the content security policy."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from marshmallow.validate import Regexp

from pulseweave.settings.base import DATA_DIR, PORT, PRODUCTION, env


def _secret_key(path: Path) -> str:
    """The key of this installation, made at its first start.

    Several processes may start at once: the first to link its file in wins, and a
    reader never sees half a key.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            draft.write(get_random_secret_key())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft.name)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "")
if PRODUCTION and not SECRET_KEY:
    raise ImproperlyConfigured("PULSEWEAVE_PRODUCTION needs SECRET_KEY: set it.")
SECRET_KEY = SECRET_KEY or _secret_key(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

_check_origin = Regexp(
    r"^https?://([^][/?#@\s]+|\[[0-9a-fA-F:]+\](:\d+)?)$",
    error="Each must be https://host or https://host:port.",
)
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_ORIGINS: list[str] = env.list(
    "PULSEWEAVE_ALLOWED_ORIGINS",
    [] if PRODUCTION else [f"http://{host}:{PORT}" for host in _LOOPBACK],
    validate=lambda origins: [_check_origin(origin) for origin in origins],
)
"""Origins (scheme://host[:port]) of the pages that may open sockets and post forms."""
ALLOWED_HOSTS = sorted(
    {urlsplit(origin).hostname or "" for origin in ALLOWED_ORIGINS}
    | set(_LOOPBACK)
    | set(env.list("PULSEWEAVE_ALLOWED_HOSTS", []))
)
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    # Probes come from inside, without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
X_FRAME_OPTIONS = "DENY"

# Pages load only what is ours, and hold no script of their own.
_POLICY = {
    "default-src": [SELF],
    "connect-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}
ADMIN_POLICY = {
    **_POLICY,
    # The theme evaluates expressions that stand in its own templates (Alpine.js), and
    # sets styles in them.
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
"""Of the staff's pages."""
