import assert from "node:assert/strict";
import { test } from "node:test";
import { after, common, formatLink, nothing, parseLink, prefix, startsWith, steps } from "./path.ts";

test("paths are cut and compared by their steps", () => {
	assert.equal(steps("0:"), 0);
	assert.equal(steps("2:3.1.4@1"), 3);
	assert.equal(prefix("0:3.1.4", 2), "0:3.1");
	assert.equal(prefix("0:3.1.4@1", 0), "0:");
	assert.equal(prefix("0:", 5), "0:");
	assert.ok(startsWith("0:3.1.4", "0:3.1"));
	assert.ok(startsWith("0:3", "0:"));
	assert.ok(!startsWith("0:31.4", "0:3"));
	assert.ok(!startsWith("1:3", "0:"));
	assert.equal(common("0:3.1.4", "0:3.1.5.9"), 2);
	assert.equal(common("0:3", "1:3"), -1);
	assert.equal(common("0:", "0:1"), 0);
});

test("links say what is selected", () => {
	const link = { ...nothing, path: "0:3.1.4", at: 2, tab: "graph", types: "8c1f", other: "0:3.2" };
	assert.equal(formatLink(link), "/t/0:3.1.4?at=2&tab=graph&cmp=0%3A3.2&m=8c1f");
	const [pathname, search] = formatLink(link).split("?");
	assert.deepEqual(parseLink(pathname!, "?" + search), link);
	assert.deepEqual(parseLink("/t/0:3.1", ""), { ...nothing, path: "0:3.1", at: 2 });
	const full = { ...link, lanes: "2.0", pins: ['actors["a & b"].x', "n"], base: "0:3", marks: [1, 3], large: true };
	const [, rest] = formatLink(full).split("?");
	assert.deepEqual(parseLink("/t/0:3.1.4", "?" + rest), full);
	assert.deepEqual(parseLink("/t/0:3.1", "?marks=1.x..-2.3").marks, [1, 3]);
	assert.equal(parseLink("/t/0:3.1", "?at=99").at, 2);
	assert.equal(parseLink("/t/0:3.1", "?at=-1").at, 2);
	assert.equal(parseLink("/", "").path, "");
});

test("a path goes on after another", () => {
	assert.equal(after("0:", "3"), "0:3");
	assert.equal(after("0:3", "!1.4"), "0:3.!1.4");
	assert.equal(after("0:3.1@0", "4"), "0:3.1.4");
	assert.equal(after("0:3", ""), "0:3");
	assert.equal(after("", "1:2"), "1:2");
});

test("a path of 100,000 steps is read once", () => {
	const long = "0:" + Array.from({ length: 100_000 }, (_, i) => i % 7).join(".");
	assert.equal(steps(long), 100_000);
	for (let i = 0; i < 1000; i++) assert.equal(steps(prefix(long, 3)), 3);
	assert.equal(prefix(long, 100_000), long);
	assert.equal(common(long, prefix(long, 99_999) + ".9"), 99_999);
});

test("steps outside of the model are steps", () => {
	assert.equal(steps("0:3.!2.4"), 3);
	assert.equal(prefix("0:3.!2.4", 2), "0:3.!2");
});
