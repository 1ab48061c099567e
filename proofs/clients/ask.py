"""Asks the README's questions with a client that was generated from the API's own description."""

from __future__ import annotations

import json
import sys

from homeroom_client import Client
from homeroom_client.api.default import get_gaps, get_panel, get_places, get_rates, get_ratio
from homeroom_client.models.get_rates_measure import GetRatesMeasure

client = Client(base_url=f"{sys.argv[1]}/api/v1")
found = get_places.sync(client=client, q="asutin isd", limit=1)
rates = get_rates.sync(client=client, measure=GetRatesMeasure.ARRESTS, by="race", place="US")
(black,) = (row for row in rates.data if row.group == "black")
ratio = get_ratio.sync(client=client, group="black", versus="white", place="TX")
gaps = get_gaps.sync(client=client, place="US-TX")
panel = get_panel.sync(client=client, measures="arrests", within="CO", waves="2017-18")
refused = get_rates.sync(client=client, place="Nowhere at all")
print(
    json.dumps(
        {
            "place": found.to_dict()["data"][0]["id"],
            "black": black.count,
            "rate": black.rate_per_10000,
            "ratio": ratio.to_dict()["data"]["ratio"],
            "gaps": gaps.data[0].students,
            "panel": panel.meta.total,
            "refused": refused.error.type_,
        }
    )
)
