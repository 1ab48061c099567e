"""Other programs and other sites use the data: they read each address as it is, whole or in part.

A confidential store stays closed to them: see ``test_confidential``.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
from typing import TYPE_CHECKING

import duckdb
import httpx
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from homeroom.report.table_files import open_tables

from .serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

RATES = "/api/v1/rates?place=US&wave=2017-18&by=race"
OPEN = ("/api/v1/rates", "/chart/states.svg", "/chart/states.csv", "/embed/states",
        "/tables/source_file.parquet", "/datapackage.json", "/croissant.json")  # fmt: skip


@pytest.fixture(scope="module")
def site(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the store in a process of its own, for programs that fetch by themselves."""
    log = tmp_path_factory.mktemp("open") / "log"
    with served(starter_store, log, seconds=60.0, reading=60.0, patience=10.0) as made:
        yield f"http://127.0.0.1:{made.port}"


@pytest.mark.parametrize("path", OPEN)
def test_data_are_open_to_other_sites_and_pages_are_not(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"origin": "https://paper.example"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    asked = {"origin": "https://paper.example", "access-control-request-method": "GET",
             "access-control-request-headers": "range"}  # fmt: skip
    preflight = client.options(path, headers=asked)
    assert preflight.status_code == 204
    assert "Range" in preflight.headers["access-control-allow-headers"]
    page = client.get("/about", headers={"origin": "https://paper.example"})
    assert "access-control-allow-origin" not in page.headers
    assert page.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "status", "begin", "end"),
    [("bytes=0-3", 206, 0, 4), ("bytes=5-", 206, 5, None), ("bytes=-7", 206, -7, None),
     ("bytes=0-999999999", 206, 0, None), ("bytes=9-5", 200, 0, None),
     ("bytes=0-1,4-5", 200, 0, None), ("lines=0-3", 200, 0, None), ("bytes=-", 200, 0, None)],
)  # fmt: skip
@pytest.mark.parametrize("address", [f"{RATES}&format=parquet", "/tables/source_file.parquet"])
def test_a_part_is_sent_where_one_is_asked_for(
    client: TestClient, address: str, asked: str, status: int, begin: int, end: int | None
) -> None:
    whole = client.get(address, headers={"accept-encoding": "identity"})
    answer = client.get(address, headers={"range": asked, "accept-encoding": "identity"})
    if "tables" in address and status == 200:
        assert answer.status_code in (200, 206, 400, 416)  # several ranges are sent in parts
        return
    assert answer.status_code == status
    assert answer.content == whole.content[begin:end]
    if status == 206:
        size = len(whole.content)
        assert answer.headers["content-range"].endswith(f"/{size}")
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize("address", [f"{RATES}&format=csv", "/tables/source_file.parquet"])
def test_a_range_beyond_the_end_and_of_other_data(client: TestClient, address: str) -> None:
    plain = {"accept-encoding": "identity"}
    size = len(client.get(address, headers=plain).content)
    beyond = client.get(address, headers=plain | {"range": f"bytes={size}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"].removeprefix("bytes ") == f"*/{size}"
    changed = client.get(address, headers=plain | {"range": "bytes=0-3", "if-range": '"other"'})
    assert changed.status_code == 200
    assert len(changed.content) == size


def test_every_table_is_described_and_holds_what_is_described(client: TestClient) -> None:
    package = client.get("/datapackage.json").json()
    version = client.get("/readyz").json()["data_version"]
    assert package["version"] == version
    named = {one["title"] for one in package["resources"]}
    assert named == set(open_tables())
    small = {"source_file", "place_alias", "wage", "quality_flag", "official_staff", "zero_block"}
    for one in package["resources"]:
        if one["title"] not in small:
            continue
        path = one["path"].removeprefix("http://127.0.0.1:8000")
        answer = client.get(path)
        assert answer.status_code == 200, path
        fields = [field["name"] for field in one["schema"]["fields"]]
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        assert version in answer.headers["content-disposition"]
        if one["format"] == "parquet":
            schema = pq.read_schema(io.BytesIO(answer.content))
            assert schema.names == fields
            assert schema.metadata[b"data_version"].decode() == version
            assert all(field.metadata[b"description"] for field in schema)
            key = one["schema"].get("primaryKey")
            rows = pl.read_parquet(io.BytesIO(answer.content))
            assert key is None or rows.select(key).is_unique().all()
        else:
            first = gzip.decompress(answer.content).decode().splitlines()[0]
            assert first.split(",") == fields
        assert "school_no" not in fields


def test_croissant_names_every_table_and_column(client: TestClient) -> None:
    found = client.get("/croissant.json").json()
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {one["@id"] for one in found["distribution"]}
    for one in found["recordSet"]:
        ids = {field["@id"] for field in one["field"]}
        assert {key["@id"] for key in one.get("key", [])} <= ids
        assert {field["source"]["fileObject"]["@id"] for field in one["field"]} <= files


def test_a_csv_of_a_chart_says_what_it_is(client: TestClient) -> None:
    answer = client.get("/chart/districts.csv?state=CO&group=black&figure=ratio&measure=referrals")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    asked = {"measure": "referrals", "wave": "2017-18", "group": "black", "figure": "ratio",
             "policy": "published", "state": "CO"}  # fmt: skip
    assert rows
    for row in rows:
        assert {name: row[name] for name in asked} == asked
        assert row["source"].startswith("Source: US Department of Education")
    assert any(row["coverage"] for row in rows)
    version = client.get("/readyz").json()["data_version"]
    assert {row["data_version"] for row in rows} == {version}
    named = answer.headers["content-disposition"]
    assert f"homeroom-districts-referrals-black-ratio-CO-2017-18-{version}.csv" in named


def test_a_file_of_the_api_says_what_it_is(client: TestClient) -> None:
    version = client.get("/readyz").json()["data_version"]
    for form in ("csv", "parquet"):
        answer = client.get(f"/api/v1/rates?place=CO&measure=iss&by=race&format={form}")
        named = answer.headers["content-disposition"]
        assert f"homeroom-rates-iss-CO-2017-18-race-{version}.{form}" in named
        assert f'data_version={version}>; rel="cite-as"' in answer.headers["link"]
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(answer.text)))
            assert {row["data_version"] for row in rows} == {version}
        else:
            schema = pq.read_schema(io.BytesIO(answer.content))
            assert version in schema.metadata[b"citation"].decode()
            assert b"place=CO" in schema.metadata[b"question"]
            assert b"denominator" in schema.field("students").metadata[b"description"]


def test_an_address_pinned_to_other_data_refuses(client: TestClient) -> None:
    version = client.get("/readyz").json()["data_version"]
    for path in ("/api/v1/rates?place=US", "/chart/rates.csv?place=US", "/place/US?",
                 "/tables/wage.parquet?"):  # fmt: skip
        assert client.get(f"{path}&data_version={version}").status_code == 200, path
        gone = client.get(f"{path}&data_version=000000000000")
        assert gone.status_code == 410, path
        assert version in gone.text
        assert "/corrections" in gone.text
    cited = client.get("/api/v1/rates?place=US").json()["meta"]["citation"]
    assert client.get(cited.rpartition(" ")[2]).status_code == 200


def test_polars_reads_each_address(site: str) -> None:
    rates = pl.read_csv(f"{site}{RATES}&format=csv")
    assert rates.height == 8
    assert pl.read_parquet(f"{site}{RATES}&format=parquet").height == 8
    assert pl.scan_parquet(f"{site}{RATES}&format=parquet").select("count").collect().height == 8
    lazy = pl.scan_parquet(f"{site}/tables/place.parquet")
    states = lazy.filter(pl.col("kind") == "state").select("place", "students").collect()
    assert "US-TX" in states["place"]
    assert pl.read_csv(f"{site}/tables/wage.csv.gz").height > 500
    assert pl.read_csv(f"{site}/chart/districts.csv?state=CO").height > 100
    assert pl.read_json(httpx.get(f"{site}{RATES}").content)["status"].item() == "ok"


def test_pandas_reads_each_address(site: str) -> None:
    rates = pd.read_csv(f"{site}{RATES}&format=csv", dtype={"leaid": str})
    assert len(rates) == 8
    assert len(pd.read_parquet(f"{site}{RATES}&format=parquet")) == 8
    assert len(pd.read_csv(f"{site}/tables/wage.csv.gz")) > 500
    assert len(pd.read_parquet(f"{site}/tables/wage.parquet")) > 500
    assert len(pd.read_csv(f"{site}/chart/states.csv")) > 50


def test_duckdb_reads_the_files(site: str, tmp_path: Path) -> None:
    """From a copy on disk: the extension that reads addresses has to be fetched from the web."""
    for name in ("wage.parquet", "wage.csv.gz"):
        (tmp_path / name).write_bytes(httpx.get(f"{site}/tables/{name}").content)
    with duckdb.connect() as con:
        ((parquet,),) = con.execute(
            f"SELECT count(*) FROM read_parquet('{tmp_path}/wage.parquet')"
        ).fetchall()
        ((text,),) = con.execute(
            f"SELECT count(*) FROM read_csv('{tmp_path}/wage.csv.gz')"
        ).fetchall()
    assert parquet == text > 500


def test_duckdb_reads_an_address(site: str) -> None:
    with duckdb.connect() as con:
        try:
            con.execute("LOAD httpfs")
        except duckdb.Error:
            pytest.skip("DuckDB's httpfs extension, which reads addresses, is not installed here")
        ((found,),) = con.execute(
            f"SELECT count(*) FROM read_parquet('{site}/tables/wage.parquet')"
        ).fetchall()
    assert found > 500


def test_a_column_of_a_table_is_read_without_the_rest(site: str) -> None:
    address, taken = f"{site}/tables/place.parquet", []

    class Remote(io.RawIOBase):
        """A file that is read by range."""

        def __init__(self) -> None:
            self.size = int(httpx.head(address).headers["content-length"])
            self.at = 0

        def seekable(self) -> bool:
            return True

        def readable(self) -> bool:
            return True

        def tell(self) -> int:
            return self.at

        def seek(self, offset: int, whence: int = 0) -> int:
            self.at = offset + (0, self.at, self.size)[whence]
            return self.at

        def read(self, size: int = -1) -> bytes:
            last = self.size if size < 0 else min(self.at + size, self.size)
            if last <= self.at:
                return b""
            part = httpx.get(address, headers={"Range": f"bytes={self.at}-{last - 1}"})
            assert part.status_code == 206
            taken.append(len(part.content))
            self.at = last
            return part.content

    remote = Remote()
    found = pq.ParquetFile(remote).read(["state"])
    assert found.num_rows > 60_000
    assert sum(taken) < remote.size / 3


def test_the_description_is_json_that_readers_of_packages_find(client: TestClient) -> None:
    same = client.get("/tables/datapackage.json").json()
    assert json.dumps(same) == json.dumps(client.get("/datapackage.json").json())
    assert client.get("/tables/nothing.parquet").status_code == 404
    assert client.get("/tables/place.xlsx").status_code == 404
