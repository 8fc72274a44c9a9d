import assert from "node:assert/strict";
import { test } from "node:test";
import { forks, sibling, visit, type Run } from "./runs.ts";

const run = (path: string, steps: number, title = ""): Run => ({ path, steps, title, last: "", breaks: [] });

test("a path gives way to one that extends it, unless it has a title", () => {
	let all: Run[] = [];
	for (const r of [run("0:1", 1), run("0:1.2", 2), run("0:3", 1, "witness"), run("0:3.4", 2), run("0:", 0), run("0:1", 1)]) all = visit(all, r);
	assert.deepEqual(all.map((r) => r.path), ["0:1.2", "0:3", "0:3.4"]);
	assert.deepEqual(visit(all, run("0:3", 1)).find((r) => r.path === "0:3")!.title, "witness");
});

test("forks say where they leave the path", () => {
	const all = [run("0:1.2", 2), run("0:1.3", 2), run("1:", 1)];
	assert.deepEqual(forks(all, "0:1.3").map((f) => [f.run.path, f.at, f.shown]), [["0:1.3", 2, true], ["1:", -1, false], ["0:1.2", 1, false]]);
	assert.equal(sibling(all, "0:1.2", 1)!.path, "0:1.3");
	assert.equal(sibling(all, "0:1.2", -1)!.path, "1:");
	assert.equal(sibling([], "0:", 1), undefined);
});
