import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding } from "./api.ts";
import { deciding, marksOf, meaning, read, short, wholes } from "./reads.ts";

const parts: Finding[] = [
	{ path: 'actors["s-1"]', kind: "read" },
	{ path: "actors.s2", kind: "read" },
	{ path: "inFlight", kind: "read" },
	{ path: 'actors["s-1"].Log[2].Term', kind: "decides", with: "3" },
	{ path: "actors.s2", kind: "fails" },
];

test("a part is inside of all parts on the way to it", () => {
	assert.deepEqual(wholes('actors["s-1"].Log[2].Term'), ["actors", 'actors["s-1"]', 'actors["s-1"].Log', 'actors["s-1"].Log[2]']);
	assert.deepEqual(wholes('state["a.b"][0]'), ["state", 'state["a.b"]']);
	assert.deepEqual(wholes("Red"), []);
	assert.deepEqual(wholes(""), []);
});

test("what decides is marked before what was read, and what is around it is known", () => {
	const m = marksOf(parts);
	assert.equal(m.of.get("actors.s2")?.kind, "fails");
	assert.equal(m.of.get('actors["s-1"]')?.kind, "read");
	assert.deepEqual([...m.around], ["actors", 'actors["s-1"]', 'actors["s-1"].Log', 'actors["s-1"].Log[2]']);
	assert.deepEqual(deciding(parts).map(short), ["s-1.Log[2].Term", "s2"]);
	assert.deepEqual(read(parts), ["s-1", "s2", "messages"]);
});

test("a finding says what it means for the verdict", () => {
	assert.match(meaning(parts[3]!, "one leader", false), /with 3, “one leader” would hold/);
	assert.match(meaning(parts[3]!, "one leader", true), /would not hold/);
	assert.match(meaning(parts[4]!, "p", true), /panics/);
});
