"""The README's table of settings is that of settings.py."""

import re

from django.conf import settings


def test_every_setting_is_documented_and_no_other() -> None:
    source = (settings.BASE_DIR / "pulseweave" / "settings.py").read_text()
    readme = (settings.BASE_DIR / "README.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    assert read == documented
