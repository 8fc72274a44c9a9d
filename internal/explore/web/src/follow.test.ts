import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change, Step } from "./api.ts";
import { changed, named, spans } from "./follow.ts";
import { at, split } from "./parts.ts";

const step = (...changes: Change[]): Step => ({ number: 0, index: 0, name: "", text: "", changes });

test("parts are named as differences name them", () => {
	assert.equal(named('actors["server-1"].Term'), "server-1.Term");
	assert.equal(named("actors.s1.Votes[2]"), "s1.Votes[2]");
	assert.equal(named("RMs[0]"), "RMs[0]");
	assert.equal(named("observed.linearizable"), "linearizable");
	assert.equal(named("state[0]"), "[0]");
});

test("a part is followed by the differences that touch it", () => {
	const steps = [
		step({ path: "s1.Term", before: "0", after: "1" }), step({ path: "s1.Terms", before: "0", after: "1" }), undefined,
		step({ path: "s1.Term", before: "1", after: "2" }),
	];
	assert.deepEqual(changed(steps, "actors.s1.Term"), [1, 4]);
	assert.deepEqual(changed(steps, "actors.s1"), [1, 2, 4]);
	assert.deepEqual(spans(steps, 4, "actors.s1.Term", 0, "0"), [
		{ from: 0, to: 0, value: "0" }, { from: 1, to: 3, value: "1" }, { from: 4, to: 4, value: "2" },
	]);
	assert.deepEqual(spans(steps, 4, "actors.s2", 2, "x"), [{ from: 0, to: 4, value: "x" }]);
});

test("a part is found by its path", () => {
	assert.deepEqual(split('actors["s-1"].Log[2]'), ["actors", "s-1", "Log", "2"]);
	const state = { actors: { "s-1": { Log: [1, 2, 3] } } };
	assert.equal(at(state, 'actors["s-1"].Log[2]'), 3);
	assert.equal(at(state, "actors.s2.Log"), undefined);
	assert.equal(at([5, 6], "state[1]"), 6);
});
