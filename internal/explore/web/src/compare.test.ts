import assert from "node:assert/strict";
import { test } from "node:test";
import { align, facing, folded, summary, type Row } from "./compare.ts";

/** show writes rows in short: =1/1 same, ~2/2 instead, -3 here, +3 there, ^ moved, > on. */
function show(rows: Row[]): string {
	const signs = { same: "=", instead: "~", here: "-", there: "+", moved: "^", on: ">" };
	return rows.map((r) => `${signs[r.kind]}${r.a ?? ""}/${r.b ?? ""}`).join(" ");
}

const chars = (s: string): string[] => [...s];

test("steps are matched by their texts", () => {
	const cases: [string, string, number, string, string][] = [
		["abc", "abc", 3, "=1/1 =2/2 =3/3", "The other run takes the same steps."],
		["abxcd", "abcd", 2, "=1/1 =2/2 -3/ =4/3 =5/4", "The other run differs in 1 step: it leaves out step 3, x."],
		["abcd", "abxcd", 2, "=1/1 =2/2 +/3 =3/4 =4/5", "The other run differs in 1 step: after step 2, it takes x."],
		["abc", "xabc", 0, "+/1 =1/2 =2/3 =3/4", "The other run differs in 1 step: it begins with x."],
		["abc", "axc", 1, "=1/1 ~2/2 =3/3", "The other run differs in 1 step: in the place of step 2, b, it takes x."],
		["abc", "ab", 2, "=1/1 =2/2 -3/", "The other run differs in 1 step: it leaves out step 3, c."],
		["ab", "abxy", 2, "=1/1 =2/2 >/3 >/4", "The other run takes the same steps. It goes on for 2 steps."],
		["abc", "abxyz", 2, "=1/1 =2/2 ~3/3 >/4 >/5",
			"The other run differs in 1 step: in the place of step 3, c, it takes x. It goes on for 2 steps."],
		["abcd", "acbd", 1, "=1/1 ^2/ =3/2 ^/3 =4/4", "The other run takes the same steps, 1 step in another order."],
		["a123", "a456", 1, "=1/1 ~2/2 ~3/3 ~4/4",
			"The other run differs in 3 steps: in the place of step 2, 1, it takes 4; in the place of step 3, 2, it takes 5; 1 step more."],
	];
	for (const [a, b, shared, rows, text] of cases) {
		const got = align(chars(a), chars(b), shared);
		assert.equal(show(got), rows, `${a} ${b}`);
		assert.equal(summary(got, chars(a), chars(b)), text);
	}
});

test("random runs: every step has its row, in order, and equal rows are equal steps", () => {
	let seed = 7;
	const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
	for (let round = 0; round < 300; round++) {
		const make = (): string[] => Array.from({ length: random(9) }, () => "abc"[random(3)]!);
		const [a, b] = [make(), make()];
		let shared = 0;
		while (shared < Math.min(a.length, b.length) && a[shared] === b[shared]) shared++;
		const rows = align(a, b, shared);
		assert.deepEqual(rows.flatMap((r) => r.a ?? []), a.map((_, i) => i + 1));
		assert.deepEqual(rows.flatMap((r) => r.b ?? []), b.map((_, i) => i + 1));
		for (const r of rows) {
			if (r.kind === "same") assert.equal(a[r.a! - 1], b[r.b! - 1]);
			if (r.kind === "instead") assert.notEqual(a[r.a! - 1], b[r.b! - 1]);
		}
		const sorted = (kind: "a" | "b"): string => rows.filter((r) => r.kind === "moved").flatMap((r) => r[kind] === undefined ? [] : (kind === "a" ? a : b)[r[kind]! - 1]!).sort().join("");
		assert.equal(sorted("a"), sorted("b"));
	}
});

test("a state faces the one after the same steps", () => {
	const rows = align(chars("abxcd"), chars("abcdyz"), 2);
	assert.deepEqual([0, 1, 2, 3, 4, 5].map((at) => facing(rows, at)), [0, 1, 2, 2, 3, 4]);
});

test("equal steps are folded, but for those beside a difference, the selected one, and what was opened", () => {
	const rows = align(chars("abcdefghiX"), chars("abcdefghiY"), 9);
	const list = (at: number, opened: number[] = []): (string | number)[] =>
		folded(rows, at, new Set(opened)).map((l) => ("folded" in l ? l.folded.length : `${l.row.a}`));
	assert.deepEqual(list(10), [7, "8", "9", "10"]);
	assert.deepEqual(list(10, [1]).length, 10);
	assert.deepEqual(list(3).length, 10);
	const inner = align(chars("XabcdefgZ"), chars("YabcdefgW"), 0);
	assert.deepEqual(folded(inner, 1, new Set()).map((l) => ("folded" in l ? l.folded.length : l.row.a)), [1, 2, 3, 3, 7, 8, 9]);
	assert.deepEqual(folded([], 0, new Set()), []);
});
