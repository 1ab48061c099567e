// Asks the README's questions with types that were generated from the API's own description.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const client = createClient<paths, "application/json">({ baseUrl: `${process.argv[2]}/api/v1` });
type Rate = components["schemas"]["RateRow"];

async function main(): Promise<void> {
  const found = await client.GET("/places", { params: { query: { q: "asutin isd", limit: 1 } } });
  const rates = await client.GET("/rates", {
    params: { query: { measure: "arrests", by: "race", place: "US" } },
  });
  const rows: Rate[] = rates.data?.data ?? [];
  const black = rows.find((row) => row.group === "black");
  const ratio = await client.GET("/ratio", {
    params: { query: { group: "black", versus: "white", place: "TX" } },
  });
  const gaps = await client.GET("/gaps", { params: { query: { place: "US-TX" } } });
  const panel = await client.GET("/panel", {
    params: { query: { measures: "arrests", within: "CO", waves: "2017-18" } },
  });
  const refused = await client.GET("/rates", { params: { query: { place: "Nowhere at all" } } });
  console.log(JSON.stringify({
    place: (found.data?.data as Array<{ id: string }>)[0].id,
    black: black?.count,
    rate: black?.rate_per_10000,
    ratio: (ratio.data?.data as { ratio: number }).ratio,
    gaps: gaps.data?.data.map((row) => row.students)[0],
    panel: panel.data?.meta.total,
    refused: refused.error?.error.type,
  }));
}

void main();
