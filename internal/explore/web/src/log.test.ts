import assert from "node:assert/strict";
import { test } from "node:test";
import { joined, matching, row, type Line } from "./log.ts";

const line = (step: number, actor: number, text: string): Line => ({ step, actor, text });
const lines = [line(0, 0, "hello"), line(2, 1, "Vote"), line(2, 1, "again"), line(5, 0, "done")];

test("lines are found by their text and their actor", () => {
	assert.deepEqual(matching(lines, ["ann", "bob"], " VOTE ").map((l) => l.step), [2]);
	assert.deepEqual(matching(lines, ["ann", "bob"], "ann").map((l) => l.step), [0, 5]);
	assert.equal(matching(lines, [], ""), lines);
});

test("a step without lines is at those before it", () => {
	assert.deepEqual([0, 1, 2, 4, 5, 9].map((s) => row(lines, s)), [0, 0, 2, 2, 3, 3]);
	assert.equal(row([], 3), -1);
	assert.equal(row(lines.slice(1), 1), -1);
});

test("a log keeps the lines of the steps that two paths share", () => {
	assert.deepEqual(joined(lines, 2, [line(3, 0, "other")]).map((l) => l.text), ["hello", "Vote", "again", "other"]);
	assert.deepEqual(joined(lines, -1, []), []);
});
