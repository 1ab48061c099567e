"""Where counting runs: DuckDB on this machine, or Spark here or on a cluster. One SQL text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from homeroom.errors import BadInput
from homeroom.evidence import database
from homeroom.extras import needs
from homeroom.records.sealed import sealed
from homeroom.records.workspace import TABLES, Workspace, private

MEMORY = "700MB"
"""What DuckDB may hold while it counts; beyond it works from disk."""
STATEMENTS = "counting.sql"


class Engine(Protocol):
    """Something that runs statements over a workspace's tables."""

    def table(self, statement: str) -> pa.Table:
        """Return the rows of one statement."""
        ...


def statements(name: str = STATEMENTS) -> list[str]:
    """Return the statements of a SQL text that ships, without their remarks."""
    text = (files("homeroom.records") / name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("--"))
    return [one.strip() for one in "\n".join(lines).split(";") if one.strip()]


@contextmanager
def opened(workspace: Workspace, engine: str = "duckdb", master: str = "") -> Iterator[Engine]:
    """Open an engine over a workspace.

    Parameters
    ----------
    workspace
        Whose tables are counted.
    engine
        ``duckdb``, ``spark`` (on this machine), or the address of a cluster, ``spark://…``.
    master
        Another master for Spark, as in ``local[4]``.

    Raises
    ------
    BadInput
        There is no such engine, or Spark is not installed.
    """
    if engine == "duckdb":
        with duckdb_engine(workspace) as found:
            yield found
    elif engine == "spark" or engine.startswith(("spark://", "local")):
        where = master or (engine if engine != "spark" else f"local[{os.cpu_count() or 1}]")
        with spark_engine(workspace, where) as found:
            yield found
    else:
        raise BadInput(f"engine {engine!r}: expected duckdb, spark, or spark://HOST:PORT.")


class DuckEngine:
    """DuckDB over the Parquet files of a workspace."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def table(self, statement: str) -> pa.Table:
        """Return the rows of one statement."""
        return self.connection.sql(statement).to_arrow_table()


@contextmanager
def duckdb_engine(workspace: Workspace) -> Iterator[DuckEngine]:
    """Open DuckDB in memory, with the workspace's tables as views."""
    with private(), sealed("the workspace"), database.opened() as connection:
        scratch = workspace.folder / f".counting-{os.getpid()}"
        connection.execute(f"SET memory_limit='{MEMORY}'")
        connection.execute("SET temp_directory=?", [str(scratch)])
        connection.execute("SET preserve_insertion_order=false")
        for name, path in paths(workspace).items():
            literal = str(path).replace("'", "''")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{literal}')")
        yield DuckEngine(connection)


def paths(workspace: Workspace) -> Mapping[str, Path]:
    """Return the Parquet files of a workspace by the table that each holds."""
    return {name: workspace.table(name) for name in TABLES if workspace.table(name).exists()}


class SparkEngine:
    """Spark over the same files."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def table(self, statement: str) -> pa.Table:
        """Return the rows of one statement, collected: a few rows an LEA."""
        rows = self.session.sql(statement)
        names = rows.columns
        collected = rows.collect()
        return pa.table({name: [row[at] for row in collected] for at, name in enumerate(names)})


@contextmanager
def spark_engine(workspace: Workspace, master: str) -> Iterator[SparkEngine]:
    """Open Spark: bound to this machine's own address, without its web page, quiet.

    Raises
    ------
    BadInput
        Spark or Java is not installed.
    """
    with needs("spark", "pyspark", "py4j"):
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, of half a gigabyte
    scratch = workspace.folder / f".spark-{os.getpid()}"
    with private(), sealed("Spark"):
        builder = (
            SparkSession.builder.master(master)
            .appName("homeroom")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.warehouse.dir", str(scratch))
            .config("spark.local.dir", str(scratch))
        )
        if master.startswith("local"):
            builder = (
                builder.config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "8")
            )
        session = builder.getOrCreate()
        try:
            for name, path in paths(workspace).items():
                session.read.parquet(str(path.resolve())).createOrReplaceTempView(name)
            yield SparkEngine(session)
        finally:
            session.stop()
            shutil.rmtree(scratch, ignore_errors=True)
