import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "./api.ts";
import { crossing, downTimes, fitting, flight, lanes, maxSpan, past, shape, y, type Sizes } from "./sequence.ts";
import { shorten } from "./text.ts";

const sizes: Sizes = { row: 20, lane: 100, left: 50, right: 50, head: 0 };

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
	const rows = [
		{ kind: "crash" as const, at: 0, text: "" }, { kind: "note" as const, at: 1, text: "" },
		{ kind: "restart" as const, at: 0, text: "" }, { kind: "crash" as const, at: 1, text: "" },
	];
	assert.deepEqual(downTimes(rows), [{ actor: 0, from: 1, to: 3 }, { actor: 1, from: 4, to: Infinity }]);
});

test("the network is split from the partition to the healing", () => {
	const rows = [{ kind: "partition" as const, at: -1, text: "" }, undefined, { kind: "heal" as const, at: -1, text: "" }];
	assert.deepEqual(downTimes(rows), [{ actor: -1, from: 1, to: 3 }]);
});

test("a message in flight is level, and of a very long arrow only the end is drawn", () => {
	const l = lanes(["a", "b"], [0, 1], 300, sizes);
	const m = { from: 0, to: 1, sent: 1, text: "m" };
	const f = flight(m, 0, 9, l, sizes)!;
	assert.equal(f.from.y, f.to.y);
	const far = shape({ kind: "deliver", at: 1, text: "m", message: m }, maxSpan + 2, l, sizes)!;
	assert.ok(far.cut);
	assert.equal(far.from.y, far.to.y);
	assert.ok(!shape({ kind: "deliver", at: 1, text: "m", message: m }, maxSpan + 1, l, sizes)!.cut);
});

const message = (from: number, to: number, sent: number): Row => ({
	kind: "deliver", at: to, text: "m", message: { from, to, sent, text: "m" },
});
const note = (at: number): Row => ({ kind: "note", at, text: "n" });

test("the past of a step are the steps of its actor, and what led to the messages that it received", () => {
	const rows = [note(0), note(2), message(0, 1, 1), note(0), message(1, 3, 3), note(2)];
	assert.deepEqual([...past(rows, 5)], [0, 1, 0, 1, 0, 1, 0]);
	assert.deepEqual([...past(rows, 6)], [0, 0, 1, 0, 0, 0, 1]);
	assert.deepEqual([...past([undefined, note(0)], 2)], [0, 0, 1]);
	assert.deepEqual([...past(rows, 0)], [0, 0, 0, 0, 0, 0, 0]);
});

test("the past is that of a search backwards over all edges", () => {
	let seed = 3;
	const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
	for (let run = 0; run < 200; run++) {
		const rows: Row[] = [];
		for (let i = 1; i <= 12; i++) {
			const sent = random(i);
			const from = sent === 0 ? random(4) : rows[sent - 1]!.at;
			rows.push(random(3) === 0 ? note(random(4)) : message(from, random(4), sent));
		}
		const at = 1 + random(12);
		const want = new Uint8Array(13);
		const visit = (i: number): void => {
			if (i < 1 || want[i]) return;
			want[i] = 1;
			for (let k = i - 1; k > 0; k--) if (rows[k - 1]!.at === rows[i - 1]!.at) visit(k);
			visit(rows[i - 1]!.message?.sent ?? 0);
			// what the sender had done before it sent is in the past, too
			const m = rows[i - 1]!.message;
			if (m) for (let k = m.sent; k > 0; k--) if (rows[k - 1]!.at === m.from) visit(k);
		};
		visit(at);
		assert.deepEqual([...past(rows, at)], [...want]);
	}
});

test("arrows that cross a row begin above it and end below", () => {
	const rows = [note(0), note(0), message(0, 1, 1), message(0, 1, 2), message(0, 1, 4)];
	assert.deepEqual(crossing(rows, 2), [3, 4]);
});

test("labels are shortened to what fits", () => {
	assert.equal(shorten("abcdef", 1000), "abcdef");
	assert.equal(shorten("abcdefghij", 32, 6), "abcd…");
	const l = lanes(["a", "b"], [0, 1], 300, sizes);
	const m = { from: 0, to: 1, sent: 0, text: "Prepare{Ballot:{Round:1 Server:0}}", short: "Prepare" };
	assert.equal(fitting(shape({ kind: "deliver", at: 1, text: m.text, message: m }, 1, l, sizes)!), "Prepare");
});
