import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, root), "utf8");
const folders = ["static/js/panels/moderator/", "static/js/panels/moderator/kit/"];
const modules = folders.flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith(".js"))
    .map((name) => folder + name),
);
const source = [...modules, "static/js/pages/moderator.js", "templates/moderator.html"].map(read).join("\n");
const keys = Object.keys(JSON.parse(read("static/locales/en.json"))).filter((key) => key.startsWith("moderator."));

/** Keys that stand in the source, and patterns of those that are put together there. */
const literal = new Set([...source.matchAll(/["'](moderator\.[a-z0-9_.]*[a-z0-9_])["']/g)].map(([, key]) => key ?? ""));
const composed = [
  ...[...source.matchAll(/`(moderator\.[^`\s]*\$\{[^`]*?)`/g)].map(([, text]) =>
    (text ?? "").split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/),
  ),
  ...[...source.matchAll(/"(moderator\.[a-z_.]*\.)" ~/g)].map(([, start]) => [start ?? "", ""]),
].map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("[a-z0-9_.]+")}$`));

test("every text that the moderator's page names is in the catalogue", () => {
  assert.ok(literal.size > 100, "the search still finds the keys");
  assert.deepEqual(
    [...literal].filter((key) => !keys.includes(key)),
    [],
  );
  assert.deepEqual(
    composed.filter((pattern) => !keys.some((key) => pattern.test(key))),
    [],
  );
});

test("the catalogue carries no text that the moderator's page lost", () => {
  assert.deepEqual(
    keys.filter((key) => !literal.has(key) && !composed.some((pattern) => pattern.test(key))),
    [],
  );
});
