"""The rules of the house that no linter knows; imports are checked by import-linter, see pyproject.toml."""

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest
from celery import Task
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from oms.panels import CUSTOMER_PANELS, ORDER_PANELS, SLIP_NOTES
from oms.schedule import SCHEDULE
from oms.subscribers import AT_THE_TILL, BEFORE_SHRINK, EDI_SUBSCRIBERS, SUBSCRIBERS

APPS = ["oms", "inventory", "orders", "fulfilment", "returns"]
RANK = {"oms.partners": 0, "oms.papers": 0, "oms.outbox": 0, "inventory": 1, "orders": 2, "fulfilment": 3, "returns": 4}
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "handler", "handlers"}
MODELS = [model for model in apps.get_models() if model._meta.app_config.name in RANK]


def files(*patterns, below=(*APPS, "tests")):
    return [
        path
        for folder in below
        for pattern in patterns
        for path in sorted((settings.BASE_DIR / folder).rglob(pattern))
        if "migrations" not in path.parts
    ]


def name_of(path):
    return str(path.relative_to(settings.BASE_DIR))


@cache
def sources():
    """Return {name: syntax tree} of all files of Python: not made before a test wants them, as that takes seconds."""
    return {name_of(path): ast.parse(path.read_text()) for path in files("*.py")}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model):
    app = model._meta.app_config.name
    for field in [*model._meta.get_fields(), *model._meta.many_to_many]:
        if field.concrete and field.is_relation and field.related_model:
            target = field.related_model._meta.app_config.name
            assert RANK.get(target, -1) <= RANK[app], f"{field} points up to {target}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_says_what_it_is_and_which_row_it_is(model):
    assert model.__str__ is not Model.__str__, "a row without a name of its own"
    assert not model.__doc__.startswith(f"{model.__name__}("), "Django's docstring says only the fields"


def test_every_consumer_is_the_task_it_is_called():
    for event, consumers in (*SUBSCRIBERS.items(), *EDI_SUBSCRIBERS.items()):
        assert len(set(consumers)) == len(consumers), event
        for consumer in consumers:
            task = import_string(consumer)
            assert isinstance(task, Task), f"{consumer} is neither @subscriber nor @sender"
            assert task.name == consumer


def test_every_panel_takes_an_order_and_a_user():
    for panel in ORDER_PANELS:
        assert list(inspect.signature(import_string(panel)).parameters) == ["order", "user"], panel


def test_every_panel_of_a_customer_takes_an_order_and_a_reader():
    for panel in CUSTOMER_PANELS:
        assert list(inspect.signature(import_string(panel)).parameters) == ["order", "reader"], panel
    for note in SLIP_NOTES:
        assert list(inspect.signature(import_string(note)).parameters) == ["order", "reader", "moment"], note


def test_everything_scheduled_runs_without_arguments():
    assert len({function for function, _ in SCHEDULE}) == len(SCHEDULE)
    for function, seconds in SCHEDULE:
        inspect.signature(import_string(function)).bind()
        assert seconds > 0, function


@pytest.mark.sql
@pytest.mark.parametrize("function", [function for function, _ in SCHEDULE])
def test_everything_scheduled_runs_when_there_is_nothing_to_do(db, function):
    import_string(function)()


@pytest.mark.parametrize("function", [AT_THE_TILL, BEFORE_SHRINK])
def test_what_is_called_upwards_is_there(function):
    assert callable(import_string(function))


def test_no_file_is_longer_than_400_lines():
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in files("*.py")}
    sizes |= {name_of(path): len(path.read_text().splitlines()) for path in files("*.html", below=["templates"])}
    assert [f"{name}: {lines}" for name, lines in sizes.items() if lines > 400] == []


def test_no_function_is_longer_than_60_lines():
    long = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


def test_a_file_is_called_after_what_is_in_it():
    assert [name for name in sources() if NAMES_THAT_SAY_NOTHING & set(Path(name).with_suffix("").parts)] == []


def test_nothing_hears_a_signal():
    heard = [
        f"{name}:{node.lineno}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for module in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if module and (module == "django.dispatch" or "signals" in module.split("."))
    ]
    assert heard == []
