import assert from "node:assert/strict";
import { test } from "node:test";
import { fields, lines, type View } from "./lines.ts";
import { marksOf, noMarks } from "./reads.ts";
import { compare } from "./tree.ts";

const plain: View = { open: new Map(), all: null, filter: "", only: false, marks: noMarks };

test("what differs is open, and the rest is folded", () => {
	const before = { actors: { a: { x: 1, y: { z: 1 } }, b: { x: 1 } } };
	const after = { actors: { a: { x: 2, y: { z: 1 } }, b: { x: 1 } } };
	const ids = (v: View): string[] => lines(compare(before, after), v).map((l) => l.id);
	assert.deepEqual(ids(plain), ["actors", "actors.a", "actors.a.x", "actors.a.y", "actors.b"]);
	assert.deepEqual(ids({ ...plain, only: true }), ["actors", "actors.a", "actors.a.x"]);
	assert.deepEqual(ids({ ...plain, all: false }), ["actors"]);
	assert.deepEqual(ids({ ...plain, all: true }).length, 7);
	assert.deepEqual(ids({ ...plain, filter: "z" }), ["actors", "actors.a", "actors.a.y", "actors.a.y.z"]);
	assert.deepEqual(ids({ ...plain, open: new Map([["actors.b", true]]) }).at(-1), "actors.b.x");
});

test("a long run of unchanged parts is one line, which opens", () => {
	const all = Array.from({ length: 1000 }, (_, i) => [`a${i}`, 0] as const);
	const before = Object.fromEntries(all);
	const root = compare(before, { ...before, a500: 1 });
	assert.deepEqual(lines(root, plain).map((l) => l.same?.length ?? l.id), [500, "a500", 499]);
	assert.equal(lines(root, { ...plain, open: new Map([["a0 same", true]]) }).length, 502);
});

test("what a verdict depends on is open, and never among the unchanged parts of one line", () => {
	const all = Array.from({ length: 20 }, (_, i) => [`a${i}`, { x: 0, y: { z: 1, u: 0, v: 0 } }] as const);
	const root = compare({ s: Object.fromEntries(all) }, { s: { ...Object.fromEntries(all), a1: { x: 1, y: { z: 1, u: 0, v: 0 } } } });
	const marks = marksOf([{ path: "s.a10.y.z", kind: "decides" }, { path: "s.a15", kind: "read" }]);
	const ids = (v: View): (string | number)[] => lines(root, v).map((l) => l.same?.length ?? l.id);
	const start = ["s", "s.a0", "s.a1", "s.a1.x", "s.a1.y"];
	const marked = ["s.a10", "s.a10.x", "s.a10.y", "s.a10.y.z", 2];
	assert.deepEqual(ids(plain), [...start, 18]);
	assert.deepEqual(ids({ ...plain, marks }), [...start, 8, ...marked, 9]);
	assert.deepEqual(ids({ ...plain, marks, only: true }), ["s", "s.a1", "s.a1.x", "s.a10", "s.a10.y", "s.a10.y.z"]);
});

test("the parts of a state are proposed", () => {
	assert.deepEqual(fields(compare(undefined, { a: { b: [{ c: 1 }, { c: 2 }] } })), ["a", "a.b", "a.b[0]", "a.b[0].c"]);
});
