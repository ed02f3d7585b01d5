"""The README's table of settings has all that are read from the environment."""

import re

from django.conf import settings


def test_every_setting_is_documented_and_no_other() -> None:
    modules = (settings.BASE_DIR / "pulseweave" / "settings").glob("*.py")
    source = "".join(module.read_text() for module in modules)
    readme = (settings.BASE_DIR / "README.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    assert read == documented
