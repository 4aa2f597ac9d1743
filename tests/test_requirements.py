import re

import pytest
from django.conf import settings


def wanted(name):
    """Return the packages that requirements file `name` asks for."""
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    return {normal(line) for line in lines if re.match(r"\w", line)}


def locked(name):
    """Return {package: its block of the lock file `name`}."""
    blocks = re.split(r"\n(?=\w)", (settings.BASE_DIR / name).read_text())
    return {normal(block): block for block in blocks}


def normal(line):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_all_that_is_asked_for_is_locked_with_hashes(name):
    packages = locked(f"{name}.txt")
    assert wanted(f"{name}.in") <= packages.keys()
    assert [package for package, block in packages.items() if "--hash=sha256:" not in block] == []


def test_the_tests_run_on_the_versions_that_production_has():
    def versions(name):
        return {package: block.split()[0] for package, block in locked(name).items()}

    assert versions("requirements.txt").items() <= versions("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_index(name):
    assert "://" not in (settings.BASE_DIR / name).read_text()
