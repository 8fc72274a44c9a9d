import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "./api.ts";
import { brief, compare, inline, type Node } from "./tree.ts";

/** marks lists what is marked, a line each. */
function marks(n: Node): string[] {
	const own = ["A", "M", "D"].includes(n.mark) && n.kind === "value" ? [`${n.mark} ${n.path} ${n.was ? n.was + " -> " : ""}${n.value}`] : [];
	return [...own, ...n.children.flatMap(marks)];
}

test("what was added, modified and deleted is marked", () => {
	const cases: [Json, Json, string[]][] = [
		[{ a: 1 }, { a: 1 }, []],
		[{ a: 1 }, { a: 2 }, ["M a 1 -> 2"]],
		[{ a: 1 }, { b: 1 }, ["A b 1", "D a 1"]],
		[{ "s-1": { t: 1 } }, { "s-1": { t: 2 } }, ['M state["s-1"].t 1 -> 2']],
		[[1, 2, 3], [1, 3], ["D state[1] 2"]],
		[[1, 3], [1, 2, 3], ["A state[1] 2"]],
		[[1, 2], [1, 5], ["M state[1] 2 -> 5"]],
		[["x", "y", "z"], ["y", "z", "w"], ['D state[0] "x"', 'A state[2] "w"']],
		[{ a: "1" }, { a: 1 }, ['M a "1" -> 1']],
	];
	for (const [before, after, want] of cases) {
		assert.deepEqual(marks(compare(before, after)), want, `${JSON.stringify(before)} to ${JSON.stringify(after)}`);
	}
});

test("a value that became an object is marked as a whole", () => {
	const n = compare({ a: null }, { a: { b: 1 } }).children[0]!;
	assert.equal(n.mark, "M");
	assert.equal(n.was, "null");
});

test("without another state nothing is marked", () => {
	assert.equal(compare(undefined, { a: [1, { b: 2 }] }).changes, 0);
});

test("random changes are counted exactly once", () => {
	let seed = 7;
	const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
	for (let i = 0; i < 300; i++) {
		const before: Json[] = Array.from({ length: random(8) }, () => random(4));
		const after: Json[] = Array.from({ length: random(8) }, () => random(4));
		const n = compare(before, after);
		const kept = n.children.filter((c) => c.mark !== "D").map((c) => c.value);
		assert.deepEqual(kept, after.map(String), "the new list can be read off");
		const was = n.children.filter((c) => c.mark !== "A").map((c) => c.was ?? c.value);
		assert.deepEqual(was.slice().sort(), before.map(String).sort(), "and so can the old one");
	}
});

test("messages in flight come and go, and read as messages", () => {
	const m = (from: string, n: number): Json => ({ from, to: "b", type: "Put", message: { Value: n } });
	const n = compare({ inFlight: [m("a", 1), m("c", 2)] }, { inFlight: [m("c", 2), m("a", 3)] });
	const list = n.children[0]!.children;
	assert.deepEqual(list.map((x) => [x.mark, x.value]), [["D", "a → b  Put{Value:1}"], ["", "c → b  Put{Value:2}"], ["A", "a → b  Put{Value:3}"]]);
	const replaced = compare({ inFlight: [m("a", 1)] }, { inFlight: [m("a", 2)] });
	assert.deepEqual(replaced.children[0]!.children.map((x) => x.mark), ["D", "A"]);
});

test("a history is a list of events, and only the new one is marked", () => {
	const before = { observed: { h: "c1 invokes read" } };
	const after = { observed: { h: 'c1 invokes read, c1 returns "a, b"' } };
	const list = compare(before, after).children[0]!.children[0]!.children;
	assert.deepEqual(list.map((x) => [x.mark, x.value, x.kind]), [["", "c1 invokes read", "event"], ["A", 'c1 returns "a, b"', "event"]]);
});

test("strings are written without escapes, and what cannot be seen is", () => {
	assert.equal(brief('a "b" \\'), '"a "b" \\"');
	assert.equal(brief("\u0000\n\u202ex"), '"⟨U+0000⟩⏎⟨U+202E⟩x"');
});

test("values on one line", () => {
	assert.equal(inline({ a: [1, "x", null], b: {} }), '{a:[1 "x" null] b:{}}');
});
