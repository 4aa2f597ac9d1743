"""What the OpenAPI document says beside shapes: each problem that an operation may answer, and examples of both.

The examples are what README.md's calls were really answered (tests/test_readme_api.py records and checks them).
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from oms.lib.api.codes import CODES
from oms.lib.api.deprecation import endings
from oms.lib.api.problems import body_of

EXAMPLES = Path(__file__).with_name("examples.json")
PROBLEM = {
    "type": "object",
    "description": "RFC 9457: what was wrong, for people and for programs.",
    "required": ["type", "code", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "the address of the page that explains it"},
        "code": {"type": "string", "enum": sorted(CODES), "description": "stable, for programs"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "for people"},
        "instance": {"type": "string", "description": "the address that was asked"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "{path of the field, such as lines.0.sku: [what is wrong]}",
        },
    },
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "description": "the same request with the same key is done once, and answered again",
}
ALWAYS = {400, 401, 403, 406, 429, 500, 503}
OF_BODIES = {409, 412, 413, 415, 422}
OF_ITEMS = {404}


def complete(result, generator, request, public):
    """Add problems, the Idempotency-Key and examples to each operation; a hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    statuses = sorted({code.status for code in CODES.values()})
    components["responses"] = {f"Problem{status}": _response(status) for status in statuses}
    ended = {(ending.method, ending.path) for ending in endings()}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _add_problems(operation, path, method)
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            if (method.upper(), path) in ended:
                operation["deprecated"] = True
            _add_examples(operation, examples().get(f"{method.upper()} {path}", {}))
    return result


@cache
def examples():
    """Return {"POST /api/v1/orders": {"request": JSON or null, "status": 201, "response": JSON or null}}."""
    return json.loads(EXAMPLES.read_text()) if EXAMPLES.exists() else {}


def _add_problems(operation, path, method):
    possible = set(ALWAYS)
    possible |= OF_BODIES | OF_ITEMS if method != "get" else set()  # a body may name what is not there
    possible |= OF_ITEMS if "{" in path or operation.get("parameters") else set()  # so may a parameter
    for status in sorted(possible):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})


def _response(status):
    codes = [code for code in CODES.values() if code.status == status]
    found = {code.name: {"summary": code.when, "value": _problem(code)} for code in codes}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": found}
    return {
        "description": f"{', '.join(found)}: see {settings.SITE_URL}/docs/errors",
        "content": {"application/problem+json": content},
    }


def _problem(code):
    errors = {code.field: [code.detail]} if code.field else None
    return body_of(code.status, code.detail, errors=errors, code=code.name) | {"instance": "/api/v1/orders"}


def _add_examples(operation, example):
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if example.get("request") is not None:
            content["examples"] = {"README": {"value": example["request"]}}
    answer = operation["responses"].get(str(example.get("status")), {})
    for kind, content in answer.get("content", {}).items():
        if example["response"] is not None and kind == "application/json":
            content["examples"] = {"README": {"value": example["response"]}}
