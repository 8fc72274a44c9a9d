import assert from "node:assert/strict";
import { test } from "node:test";
import { parts } from "./actors.ts";

test("actors are found in the texts of steps, and nothing is lost", () => {
	const names = ["s1", "s10", "a -> b", "x: y", "<b>"];
	const cases: [string, string][] = [
		["s1 -> s10: Vote{Term:1}", "[0] → [1] Vote{Term:1}"],
		["lose s1 -> s10: Vote", "lose [0] → [1] Vote"],
		["crash s10", "crash [1]"],
		["timeout election of s1", "timeout election of [0]"],
		["s1: starts", "[0] starts"],
		["s1 becomes leader", "[0] becomes leader"],
		["s12 -> s1: x", "s12 -> s1: x"],
		["a -> b -> s1: m", "[2] → [0] m"],
		["x: y -> <b>: m", "[3] → [4] m"],
		["Prepare(0)", "Prepare(0)"],
		["", ""],
	];
	for (const [text, want] of cases) {
		assert.equal(parts(text, names).map((p) => (typeof p === "string" ? p : `[${p.actor}]`)).join(""), want, text);
	}
});
