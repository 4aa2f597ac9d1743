import os
import subprocess
import sys

from django.conf import settings


def manage(*args, **environment):
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=settings.BASE_DIR,
        env=inherited | environment,
        capture_output=True,
        text=True,
    )


def test_production_needs_nothing_but_a_key_and_an_https_address_to_be_safe():
    ran = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        SECRET_KEY="kX3~" * 15 + "abcdefg",
        SITE_URL="https://oms.example",
    )
    assert ran.returncode == 0, ran.stderr


def test_without_a_key_production_does_not_start():
    assert "SECRET_KEY" in manage("check").stderr
