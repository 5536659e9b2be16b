// The vendor's own JavaScript client, unchanged, against the portal named by PORTAL.
import assert from "node:assert/strict";
import client from "@opendatasoft/api-client";

const { ApiClient, NotFoundError, UserError, AuthenticationError } = client;
const { fromCatalog, field, string, date, dateFromIsoString, all, one, not, list, lower } = client;
const { textSearch, textSuggest, textStartWith, exactMatch } = client;

const domain = process.env.PORTAL;
const paths = [];
const api = new ApiClient({
  domain,
  interceptRequest: async (request) => {
    paths.push(new URL(request.url).pathname);
    return request;
  },
});
const trees = fromCatalog().dataset("arbres-essai");
const query = trees.records().select("ref").orderBy("ref");
const refs = (answer) => answer.results.map((row) => row.ref).join(" ");
const where = async (clause) => refs(await api.get(query.where(clause)));

const found = await api.get(fromCatalog().datasets().where(`dataset_id=${string("arbres-essai")}`).limit(5));
assert.equal(found.total_count, 1);
assert.equal(found.results[0].metas.default.records_count, 6);
const types = (await api.get(trees.itself())).fields.map((column) => column.type).join(" ");
assert.equal(types, "text text text double date boolean text geo_point_2d");

const conditions = [
  [exactMatch("essence", "Érable"), "A1 A3 A6"],
  [`${field("essence")}: ${string("Érable")}`, "A1 A3 A6"],
  [all("hauteur > 8", not("remarquable")), "A2"],
  [one("hauteur is null", "position is null"), "A3 A5"],
  [`plantation >= ${dateFromIsoString("2005-11-20")}`, "A2 A3 A5"],
  [`plantation < ${date({ year: 1987, month: 10, day: 30 })}`, "A4"],
  [textSearch("erable"), "A1 A3 A6"],
  [textSearch("erabel nor", ["essence", "quartier"]), ""],
  [textSearch("tileul", ["essence"]), ""],
  [textSearch("tilleu", ["essence", "quartier"]), "A2 A5"],
  [textSuggest("plat"), "A4"],
  [textStartWith("Till", ["essence"]), "A2 A5"],
];
for (const [clause, expected] of conditions) assert.equal(await where(clause), expected, clause);

const [first] = (await api.get(trees.records().limit(1).orderBy("ref"))).results;
assert.deepEqual(first, {
  ref: "A1",
  essence: "Érable",
  quartier: "Nord",
  hauteur: 12.5,
  plantation: "1998-03-02",
  remarquable: true,
  usages: ["ombre", "abri"],
  position: { lon: 1.48, lat: 48.45 },
});
const page = await api.get(trees.records().select("ref").orderBy("-hauteur").limit(2).offset(1));
assert.deepEqual([page.total_count, refs(page)], [6, "A6 A1"]);
assert.equal(refs(await api.get(query.refine("essence:Érable").refine("quartier:Nord"))), "A1");
assert.equal(refs(await api.get(query.exclude("essence:Érable").exclude("essence:Tilleul"))), "A4");

const groups = await api.get(trees.records().select("count(*) as n").groupBy("essence").orderBy("n desc"));
assert.deepEqual(groups.results[0], { essence: "Érable", n: 3 });
const lowered = await api.get(trees.records().select("count(*) as n").groupBy(`${lower("essence")} as e`).orderBy("e"));
assert.deepEqual(lowered.results.map((row) => row.n).sort(), [1, 2, 3]);
const [uses] = (await api.get(trees.facets().facet("usages"))).facets;
assert.deepEqual(uses.facets.map((value) => `${value.name} ${value.count}`).sort(), ["abri 2", "mémoire 1", "ombre 4"]);

assert.equal((await api.get(trees.export("json").limit(-1))).length, 6);
const asText = { interceptResponse: (response) => response.text() };
const csv = await api.get(trees.export("csv").select(list("ref", "hauteur")).orderBy("ref"), asText);
assert.equal(csv.replace(/^\ufeff/, "").split("\r\n")[3], "A3;");

await assert.rejects(
  api.get(fromCatalog().dataset("absent").itself()),
  (error) => error instanceof NotFoundError && error.response.status === 404,
);
await assert.rejects(
  api.get(trees.records().where("hauteur >")),
  (error) => error instanceof UserError && error.details.error_code === "ODSQLSyntaxError",
);
const stranger = new ApiClient({ domain, apiKey: "no-such-key" });
await assert.rejects(stranger.get(trees.itself()), (error) => error instanceof AuthenticationError);
assert.ok(paths.every((path) => path.endsWith("/")));
