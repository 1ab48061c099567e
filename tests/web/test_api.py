from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from homeroom.web.api.table import endpoints

if TYPE_CHECKING:
    from starlette.testclient import TestClient

GETS = [one for one in endpoints() if one.method == "GET"]


def example(endpoint: object) -> str:
    """An address that the endpoint answers, from its own table."""
    path, asked = endpoint.path, dict(endpoint.sample)
    for parameter in endpoint.parameters:
        if parameter.within == "path":
            path = path.replace(f"{{{parameter.name}}}", asked.pop(parameter.name))
    return f"/api/v1{path}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


@pytest.mark.parametrize("endpoint", GETS, ids=lambda one: one.id)
def test_each_endpoint_answers_in_an_envelope_with_a_citation(
    client: TestClient, endpoint: object
) -> None:
    answer = client.get(example(endpoint))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == ["status", "data", "error", "meta"]
    assert (body["status"], body["error"]) == ("ok", None)
    assert body["data"] is not None
    assert re.search(r"Homeroom, version .* data version", body["meta"]["citation"])
    assert re.fullmatch(r"[0-9a-f]{12}", body["meta"]["data_version"])


@pytest.mark.parametrize("endpoint", [e for e in GETS if e.tabular], ids=lambda one: one.id)
def test_tables_come_as_csv_and_parquet_with_the_same_rows(
    client: TestClient, endpoint: object
) -> None:
    address = example(endpoint)
    rows = client.get(address).json()["data"]
    parquet = pl.read_parquet(io.BytesIO(client.get(f"{address}&format=parquet").content))
    csv = client.get(f"{address}&format=csv")
    assert csv.headers["content-type"].startswith("text/csv")
    assert "attachment" in csv.headers["content-disposition"]
    assert csv.text.splitlines()[0].split(",") == [*parquet.columns, "data_version"]
    assert len(parquet) >= len(rows) > 0
    assert list(rows[0]) == parquet.columns


def test_the_document_describes_every_route_and_only_those(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    served = {
        route.path.removeprefix("/api/v1")
        for route in client.app.routes
        if getattr(route, "path", "").startswith("/api/v1/")
    } - {also for one in endpoints() for also in one.also}
    assert set(document["paths"]) | {"/openapi.json"} == served
    for path, methods in document["paths"].items():
        for operation in methods.values():
            named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert {"200", "400"} <= set(operation["responses"])
    ids = [o["operationId"] for m in document["paths"].values() for o in m.values()]
    assert len(ids) == len(set(ids))


def test_the_schema_of_a_parameter_is_what_is_enforced(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for one in methods.get("get", {"parameters": []})["parameters"]:
            if "enum" not in one["schema"] or "{" in path:
                continue
            answer = client.get(f"/api/v1{path}", params={one["name"]: "no such choice"})
            assert answer.status_code == 400, (path, one["name"])
            assert answer.json()["error"]["type"] == "bad_input"


def test_rates_are_those_of_ocrs_table(client: TestClient) -> None:
    address = "/api/v1/rates?measure=arrests&place=US&wave=2017-18&by=race"
    rows = {row["group"]: row for row in client.get(address).json()["data"]}
    assert rows["all"]["count"] == 54_321
    assert rows["black"]["rate_per_10000"] == pytest.approx(21.49, abs=0.005)
    assert rows["white"]["rate_per_10000"] == pytest.approx(7.47, abs=0.005)


def test_ratio_keeps_the_contract(client: TestClient) -> None:
    found = client.get("/api/v1/ratio?group=black%2Bhispanic&place=US&wave=2017-18").json()["data"]
    assert found["ratio"] == pytest.approx(1.885, abs=0.0005)
    keys = {"ratio", "low", "high", "method", "group", "versus", "place", "wave", "policy",
            "coverage", "source", "reason"}  # fmt: skip
    assert keys <= set(found)
    assert {"count", "students", "rate_per_10000"} == set(found["group"])


def test_places_are_found_with_a_typo(client: TestClient) -> None:
    found = client.get("/api/v1/places?q=austn%20isd").json()["data"]
    assert found[0]["id"] == "lea:4808940"
    assert {"id", "name", "kind", "state", "score"} <= set(found[0])


def test_pages_of_a_table_join_to_the_whole(client: TestClient) -> None:
    whole = client.get("/api/v1/files").json()
    assert whole["meta"]["total"] == len(whole["data"])
    rows, address = [], "/api/v1/files?limit=40"
    for _ in range(20):
        body = client.get(address).json()
        rows += body["data"]
        address = body["meta"].get("next")
        if address is None:
            break
    assert rows == whole["data"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=99999999999999", "offset=-1"])
def test_a_bad_page_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/files?{query}")
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"


def test_a_parameter_given_twice_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/rates?wave=2017-18&wave=2015-16").status_code == 400


@pytest.mark.parametrize("address", ["/place/US", "/api/v1/rates", "/chart/shootings.svg"])
def test_an_unchanged_answer_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    again = client.get(address, headers={"if-none-match": f'"other", W/{tag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_number_that_is_none_is_null(client: TestClient) -> None:
    from homeroom.web.api.routes import finite

    assert finite({"a": [float("nan"), float("inf"), 1.5]}) == {"a": [None, None, 1.5]}


def test_csv_text_is_no_formula() -> None:
    from homeroom.report.csv_text import csv_text

    text = csv_text(pl.DataFrame({"name": ["=1+1", "@x", "-y", "plain"], "n": [-1, 2, 3, 4]}))
    assert text.splitlines()[1:] == ["'=1+1,-1", "'@x,2", "'-y,3", "plain,4"]


def test_the_act_is_answered_as_on_the_command_line(client: TestClient) -> None:
    found = client.get(
        "/api/v1/act/check?place=lea:4808940&version=hr2739-119&contract=running"
    ).json()["data"]
    assert found["status"] == "introduced"
    assert {"question", "answer", "trace"} <= set(found["answers"][0])
    assert client.get("/api/v1/act/use?phrase=metal%20detectors").json()["data"]["fits"] == "no"


def test_machines_are_told_where_to_look(client: TestClient) -> None:
    text = client.get("/llms.txt").text
    assert text.startswith("# Homeroom")
    assert "/api/v1/openapi.json" in text
    assert "Disallow: /chart/" in client.get("/robots.txt").text


def test_readiness_and_life_are_told_apart(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.json()["status"] == "ready"
    assert ready.headers["cache-control"] == "no-store"


def test_kept_answers_stay_within_their_bytes() -> None:
    from homeroom.web.cache import AnswerCache, Kept

    cache = AnswerCache(10_000)
    for number in range(50):
        cache.put(str(number), Kept(b"x" * 1000, "text/plain", f'"{number}"', ()))
    assert cache.size <= 10_000
    assert cache.get("49")
    assert cache.get("0") is None


PLAN = {"name": "Half", "place": "lea:4808940", "start": 2026, "years": 2,
        "officers": {"end": "half"}, "hire": {"counselor": 10}}  # fmt: skip


def test_a_posted_plan_is_run_beside_keeping_as_is(client: TestClient) -> None:
    answer = client.post("/api/v1/plans", json={"plans": [PLAN], "draws": 500})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()["data"]["plans"]
    assert [one["name"] for one in found] == ["Keep as is", "Half"]
    assert {"cost", "staff", "gaps", "outcomes", "unknowns"} <= set(found[1])
    again = client.post("/api/v1/plans", json={"plan": PLAN, "draws": 500})
    assert again.json()["data"] == answer.json()["data"]


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b'{"plans": []}', b'{"strange": 1}', b"[" * 50_000,
     b'{"plan": {"name": "x"}}', b'{"plans": "x"}', b'{"plans": [1]}', b'{"plan": {}, "draws": 1}'],
)  # fmt: skip
def test_a_body_that_is_no_plan_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/plans", content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["type"] == "bad_input"


def test_an_ambiguous_sentence_is_asked_about(client: TestClient) -> None:
    answer = client.get("/api/v1/check?sentence=Students+are+arrested+often")
    assert answer.status_code == 422
    assert answer.json()["error"]["choices"]


def test_six_times_keeps_the_contract(client: TestClient) -> None:
    found = client.get("/api/v1/claims/six-times").json()["data"]
    assert found["verdict"] == "does_not_hold"
    assert found["value"] == pytest.approx(1.885, abs=0.0005)
    assert {"id", "statement", "reading", "stated_value", "multiverse", "nearest", "sentence",
            "sources"} <= set(found)  # fmt: skip


def test_the_survey_and_the_shootings_are_those_of_the_command_line(client: TestClient) -> None:
    from homeroom.context import shootings, survey

    store = client.app.state.room.store
    asked = "/api/v1/survey?item=officer&year=2018"
    row = client.get(asked).json()["data"][0]
    assert row["estimate"] == survey.survey(store, "officer", year=2018)["estimate"][0]
    assert row["estimate"] == pytest.approx(51.2, abs=0.05)  # NCES 2019-061, table 20
    counted = client.get("/api/v1/shootings").json()
    assert counted["data"] == shootings.shootings(store).to_dicts()
    assert counted["meta"]["cannot"]
    both = client.get("/api/v1/survey?item=officer&theme=security")
    assert both.status_code == 400


def test_a_posted_plan_says_what_would_have_to_be_true(client: TestClient) -> None:
    plan = {"name": "Half", "place": "lea:4808940", "start": 2026, "years": 3,
            "officers": {"end": "half"}, "hire": {"counselor": 10}}  # fmt: skip
    found = client.post("/api/v1/plans", json={"plan": plan}).json()["data"]
    (rows,) = found["breakeven"].values()
    assert {row["assumption"] for row in rows} >= {"grant", "price of one unit: officer",
                                                   "what is not known"}  # fmt: skip
    years = zip(found["plans"][1]["cost"].values(), found["plans"][0]["cost"].values(), strict=True)
    more = sum(a["central"] - b["central"] for a, b in years) / 3
    level = next(row for row in rows if row["assumption"] == "what is not known")["level_at"]
    assert level == pytest.approx(abs(more), abs=0.01)  # without grants all money is local
