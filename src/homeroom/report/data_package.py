"""What the open tables are, for programs: a Frictionless data package, and Croissant.

Both name every table, its address, its columns, and what an empty value means, and both carry the
data version. See https://specs.frictionlessdata.io and https://docs.mlcommons.org/croissant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from homeroom.report.data_file import VERSION
from homeroom.report.table_files import OpenTable, open_tables
from homeroom.version import __version__
from homeroom.vocabulary.publications import PUBLICATIONS

_TITLE = "Homeroom: police and counselors in US schools"
_ABOUT = (
    "Published figures on arrests, referrals, discipline, and staff of US schools, with their "
    "coverage and the doubts about them. A null is no number, never zero. Cite a figure with its "
    "wave, its policy, and the data version."
)
_LICENSE = {
    "name": "other-pd", "title": "Public domain (work of the US government) unless a source says "
    "otherwise", "path": "https://www.usa.gov/government-copyright",
}  # fmt: skip
_PLAIN = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
}
_FORM = {"parquet": "application/vnd.apache.parquet", "csv.gz": "application/gzip"}


def data_package(site: str, meta: Mapping[str, str]) -> dict[str, Any]:
    """Return the Frictionless data package of a store.

    Parameters
    ----------
    site
        Where visitors reach the site.
    meta
        The store's data version and the time of its build.
    """
    return {
        "profile": "data-package",
        "name": "homeroom",
        "title": _TITLE,
        "description": _ABOUT,
        "homepage": site,
        "version": meta[VERSION],
        "created": meta["built_at"],
        "licenses": [_LICENSE],
        "sources": [
            {"title": f"{one.publisher}: {one.title}", "path": one.url, "terms": one.terms}
            for one in PUBLICATIONS.values()
        ],
        "resources": [
            _resource(site, table, form) for table in open_tables().values() for form in _FORM
        ],
        "homeroom_version": __version__,
    }


def _resource(site: str, table: OpenTable, form: str) -> dict[str, Any]:
    fields = [
        {"name": name, "type": _kind(kind), "description": said}
        for name, (kind, said) in table.columns.items()
    ]
    told: dict[str, Any] = {
        "profile": "tabular-data-resource", "format": "csv", "compression": "gz",
        "encoding": "utf-8", "dialect": {"delimiter": ",", "header": True},
    }  # fmt: skip
    if form == "parquet":
        told = {"profile": "data-resource", "format": "parquet"}
    else:
        said = "Version of the data that the row was made from"
        fields.append({"name": VERSION, "type": "string", "description": said})
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    name = table.name.replace("_", "-")
    return {
        "name": name if form == "parquet" else f"{name}-csv",
        "title": table.name, "description": table.doc,
        "path": f"{site}/tables/{table.name}.{form}", "mediatype": _FORM[form], **told,
        "schema": schema,
    }  # fmt: skip


def croissant(site: str, meta: Mapping[str, str]) -> dict[str, Any]:
    """Return the same as Croissant, the vocabulary of machine learning for data sets."""
    tables = open_tables().values()
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "homeroom",
        "description": f"{_TITLE}. {_ABOUT}",
        "url": site,
        "version": f"1.0.0+{meta[VERSION]}",
        "datePublished": meta["built_at"][:10],
        "license": _LICENSE["path"],
        "isLiveDataset": True,
        "citeAs": f"Homeroom, version {__version__}, data version {meta[VERSION]}. {site}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{table.name}.parquet",
                "name": f"{table.name}.parquet",
                "description": table.doc,
                "contentUrl": f"{site}/tables/{table.name}.parquet",
                "encodingFormat": "application/x-parquet",
            }
            for table in tables
        ],
        "recordSet": [_records(table) for table in tables],
    }


def _records(table: OpenTable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:RecordSet", "@id": table.name, "name": table.name, "description": table.doc,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{name}",
                "name": name,
                "description": said,
                "dataType": _PLAIN[_kind(kind)],
                "source": {
                    "fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": name},
                },
            }
            for name, (kind, said) in table.columns.items()
        ],
    }  # fmt: skip
    if table.key:
        found["key"] = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return found


def _kind(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "boolean"
    if kind.is_integer():
        return "integer"
    return "number" if kind.is_numeric() else "string"


_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
    "examples": {"@id": "cr:examples", "@type": "@json"},
}  # fmt: skip
"""The context that the specification of Croissant 1.0 gives."""
