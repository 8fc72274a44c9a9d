import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "./api.ts";
import { complete } from "./complete.ts";
import { fallen } from "./fallen.ts";
import { events, visible } from "./text.ts";

test("characters that cannot be seen, or turn the text, are shown", () => {
	const cases: [string, string][] = [
		["plain <b>&amp;</b> שלום 😀", "plain <b>&amp;</b> שלום 😀"],
		["a\u0000b\u001f", "a⟨U+0000⟩b⟨U+001F⟩"],
		["\u202etxt.exe", "⟨U+202E⟩txt.exe"],
		["\ud800x", "⟨U+D800⟩x"],
		["\u200b\ufeff", "⟨U+200B⟩⟨U+FEFF⟩"],
	];
	for (const [text, want] of cases) assert.equal(visible(text), want);
});

test("a history is told from other texts", () => {
	assert.deepEqual(events('c1 invokes write(a, b), c2 invokes read, c1 returns "x, y"'), ["c1 invokes write(a, b)", "c2 invokes read", 'c1 returns "x, y"']);
	assert.equal(events("nothing, of, that"), null);
	assert.equal(events(""), null);
});

test("questions are completed from the parts of the state", () => {
	const parts = ["actors", 'actors["s-1"]', 'actors["s-1"].Role', "actors.s2", "actors.s2.Term"];
	assert.deepEqual(complete("act", 3, parts).words.slice(0, 3), ["action", "actors", "actors.s2"]);
	assert.deepEqual(complete("count(actors, Ro", 16, parts), { from: 14, words: ["Role", 'actors["s-1"].Role'] });
	assert.deepEqual(complete('x == "act', 9, parts).words, []);
	assert.deepEqual(complete("1 + ", 4, parts).words, []);
	assert.equal(complete('actors["s', 9, parts).words[0], 'actors["s-1"]');
});

test("verdicts that fall while the page is open are news", () => {
	const status = (verdict: string, path?: string): Status => ({
		revision: 0, state: "running", generated: 0, distinct: 0, depth: 0, queue: 0, memory: 0, rate: 0, elapsed: 0, complete: false, actions: [],
		properties: [{ name: "p", kind: "always", verdict, ...(path ? { path } : {}) }],
	});
	assert.deepEqual(fallen(undefined, status("violated", "0:1")), []);
	assert.deepEqual(fallen(status("inconclusive"), status("violated", "0:1")), [{ text: "always p: violated", bad: true, property: "p" }]);
	assert.deepEqual(fallen(status("violated", "0:1"), status("violated", "0:1")), []);
	assert.deepEqual(fallen(status("inconclusive"), status("holds")), []);
});
