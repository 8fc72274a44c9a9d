import assert from "node:assert/strict";
import { test } from "node:test";
import { merge, place } from "./layers.ts";

test("layers are columns, and no two states share a place", () => {
	const vertices = Array.from({ length: 40 }, (_, id) => ({ id, depth: Math.floor(Math.sqrt(id)) }));
	const arcs = vertices.slice(1).map((v) => ({ from: Math.floor(v.id / 2), to: v.id }));
	const placed = place(vertices, arcs, 100, 20);
	const seen = new Set<string>();
	for (const v of vertices) {
		const p = placed.get(v.id)!;
		assert.equal(p.x, v.depth * 100);
		assert.ok(!seen.has(`${p.x} ${p.y}`));
		seen.add(`${p.x} ${p.y}`);
	}
});

test("the order within a layer follows the states before it", () => {
	const vertices = [0, 1, 2, 3].map((id) => ({ id, depth: id < 2 ? 0 : 1 }));
	const placed = place(vertices, [{ from: 0, to: 3 }, { from: 1, to: 2 }], 1, 1);
	assert.equal(Math.sign(placed.get(0)!.y - placed.get(1)!.y), Math.sign(placed.get(3)!.y - placed.get(2)!.y));
});

test("states with the same label become one", () => {
	const vertices = [
		{ id: 0, depth: 0, label: "a" }, { id: 1, depth: 1, label: "b" }, { id: 2, depth: 2, label: "a" },
	];
	const m = merge(vertices, [{ from: 0, to: 1, name: "x" }, { from: 1, to: 2, name: "y" }, { from: 0, to: 2, name: "z" }]);
	assert.deepEqual(m.groups.map((g) => [g.label, g.depth, g.members.length]), [["a", 0, 2], ["b", 1, 1]]);
	assert.deepEqual(m.arcs.map((a) => [a.from, a.to, a.count]), [[0, 1, 1], [1, 0, 1]]);
});
