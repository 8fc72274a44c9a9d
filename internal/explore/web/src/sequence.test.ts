import assert from "node:assert/strict";
import { test } from "node:test";
import { downTimes, fitting, lanes, shape, shorten, y, type Sizes } from "./sequence.ts";

const sizes: Sizes = { row: 20, lane: 100, left: 50, head: 0 };

test("lanes fill the width and keep their distance", () => {
	const l = lanes(["a", "b", "c"], [2, 0], 500, sizes);
	assert.deepEqual(l.map((x) => x.x), [450, -1, 50]);
	assert.equal(lanes(["a", "b", "c"], [0, 1, 2], 100, sizes)[2]!.x, 250);
});

test("an arrow leads from the row of sending to the row of arrival", () => {
	const l = lanes(["a", "b"], [0, 1], 300, sizes);
	const s = shape({ kind: "deliver", at: 1, text: "m", message: { from: 0, to: 1, sent: 2, text: "m" } }, 5, l, sizes)!;
	assert.deepEqual([s.from, s.to], [{ x: 50, y: y(2, sizes) }, { x: 250, y: y(5, sizes) }]);
	assert.equal(shape({ kind: "note", at: 0, text: "t" }, 1, lanes(["a"], [], 300, sizes), sizes), null);
});

test("an actor is down from its crash to its restart, or to the end", () => {
	const l = lanes(["a", "b"], [0, 1], 300, sizes);
	const rows = [
		{ kind: "crash" as const, at: 0, text: "" }, { kind: "note" as const, at: 1, text: "" },
		{ kind: "restart" as const, at: 0, text: "" }, { kind: "crash" as const, at: 1, text: "" },
	];
	const down = downTimes(rows, l, sizes);
	assert.deepEqual(down.map((d) => [d.x, d.from]), [[50, y(1, sizes)], [250, y(4, sizes)]]);
	assert.equal(down[0]!.to, y(3, sizes));
});

test("labels are shortened to what fits", () => {
	assert.equal(shorten("abcdef", 1000), "abcdef");
	assert.equal(shorten("abcdefghij", 32, 6), "abcd…");
	const l = lanes(["a", "b"], [0, 1], 300, sizes);
	const m = { from: 0, to: 1, sent: 0, text: "Prepare{Ballot:{Round:1 Server:0}}", short: "Prepare" };
	assert.equal(fitting(shape({ kind: "deliver", at: 1, text: m.text, message: m }, 1, l, sizes)!), "Prepare");
});
