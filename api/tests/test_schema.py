"""The schema lists exactly the addresses that there are, under the names that were promised."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import get_resolver

PROMISED = {
    "uploadBankStatement",
    "matchStatementLine",
    "requestRefund",
    "approveRefund",
    "requestPayout",
    "approvePayout",
    "changeBankDetails",
    "approveBankDetails",
    "getOrderMoney",
    "listLedgerEntries",
    "trialBalance",
    "createPayment",
    "getPayment",
    "getOrder",
    "getOperation",
}


@pytest.fixture
def schema(client):
    answer = client.get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    return json.loads(answer.content)


def operations(schema):
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_openapi_3_1_with_the_promised_names(schema):
    assert schema["openapi"].startswith("3.1")
    assert set(operations(schema)) >= PROMISED
    assert schema["components"]["securitySchemes"]["bearer"] == {
        "type": "http",
        "scheme": "bearer",
    }


def test_it_lists_exactly_the_addresses_of_the_api(schema):
    here = get_resolver("api.urls").url_patterns[0].url_patterns
    served = {
        method
        for pattern in here
        if pattern.name != "api_schema"
        for method in [
            (pattern.name, verb)
            for verb in ("get", "post", "put", "patch", "delete")
            if hasattr(pattern.callback.cls, verb)
        ]
    }
    assert len(operations(schema)) == len(served)


def test_every_operation_tells_its_problems_and_asks_for_a_key_where_one_is_needed(schema):
    for name, (method, _path, operation) in operations(schema).items():
        problems = {status for status in operation["responses"] if status >= "400"}
        assert {"401", "403", "404", "422", "429"} <= problems, name
        assert list(operation["responses"]["422"]["content"]) == ["application/problem+json"]
        headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
        assert headers == ({"Idempotency-Key"} if method == "post" else set()), name


def test_no_number_of_a_row_is_in_an_address(schema):
    for _method, path, operation in operations(schema).values():
        for name in re.findall(r"{(\w+)}", path):
            kind = next(p["schema"] for p in operation["parameters"] if p["name"] == name)
            assert kind["type"] == "string"


def test_the_generator_has_nothing_to_complain_about():
    done = subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
