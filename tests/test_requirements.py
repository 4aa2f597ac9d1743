import re
from importlib.metadata import PackageNotFoundError, requires

import pytest
from django.conf import settings
from packaging.requirements import Requirement


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


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_an_extra_that_a_package_asks_for_is_locked_with_it(name):
    # Without it pip takes the newest release for the extra, and stops at its hash once there is a newer one.
    packages = locked(f"{name}.txt")
    asked = [wish for package in packages for wish in asked_by(package) if wish.extras and wish.marker is None]
    assert "fonttools" in {normal(wish.name) for wish in asked}
    for wish in asked:
        extras = re.match(r"[^[=]+\[([^]]*)\]", packages[normal(wish.name)])
        assert extras, wish
        assert wish.extras <= {extra.strip() for extra in extras[1].split(",")}, wish


def asked_by(package):
    try:
        return [Requirement(line) for line in requires(package) or []]
    except PackageNotFoundError:
        return []  # another platform's


def test_the_tests_run_on_the_versions_that_production_has():
    def versions(name):
        return {package: block.split()[0] for package, block in locked(name).items()}

    assert versions("requirements.txt").items() <= versions("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_index(name):
    assert "://" not in (settings.BASE_DIR / name).read_text()
