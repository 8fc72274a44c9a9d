import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "./api.ts";
import { fold, indexOf } from "./folds.ts";

const rows = (text: string): Row[] => [...text].map((c) => ({ kind: c === "x" ? "crash" : "note", at: c === "b" ? 1 : 0, text: c }));
const shown = (text: string, keep: number[] = [], open: number[] = []): string =>
	fold(rows(text), text.length, new Set(keep), new Set(open)).map((i) => (i.from === i.to ? `${i.from}` : `${i.from}-${i.to}`)).join(" ");

test("steps of one actor that follow each other are one row", () => {
	assert.equal(shown("aaabbaaaa"), "0 1-3 4 5 6-9");
	assert.equal(shown("aaxaaa"), "0 1 2 3 4-6", "a crash is no event of the actor");
	assert.equal(shown(""), "0");
});

test("a step that must be seen splits a range, and an open range is not folded", () => {
	assert.equal(shown("aaaaaaaa", [4]), "0 1-3 4 5-8");
	assert.equal(shown("aaaaaa", [], [1]), "0 1 2 3 4 5 6");
	assert.equal(fold([undefined, undefined, undefined], 3, new Set(), new Set()).length, 4, "steps that are not loaded");
});

test("the row of a step is found", () => {
	const items = fold(rows("aaabbaaaa"), 9, new Set(), new Set());
	assert.deepEqual([0, 1, 3, 4, 6, 9].map((s) => indexOf(items, s)), [0, 1, 1, 2, 4, 4]);
});
