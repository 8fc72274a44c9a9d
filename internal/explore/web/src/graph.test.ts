import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, GraphNode, Step } from "./api.ts";
import { draw, grow, labels, readable, walk } from "./graph.ts";

const node = (id: number, depth: number, label = "", state?: string): GraphNode => ({
	id, depth, label, path: `0:${"0".repeat(depth)}`, breaks: [], ends: false, more: 0, ...(state ? { state } : {}),
});
const edge = (from: number, to: number, text: string) => ({ from, to, name: text.split("(")[0]!, text });
const step = (text: string, state?: string): Step => ({ number: 0, index: 0, name: "", text, changes: [], ...(state ? { state } : {}) });

test("a path is laid over a graph as far as it is known", () => {
	const g: Graph = { nodes: [node(0, 0), node(1, 1), node(2, 2)], edges: [edge(0, 1, "a(1)"), edge(1, 2, "b(1)"), edge(1, 0, "c(1)")] };
	assert.deepEqual(walk(g, "0:1", [step("a(1)"), step("c(1)"), step("x")], undefined), [0, 1, 0]);
	const same: Graph = { ...g, edges: [...g.edges, edge(0, 2, "a(1)")] };
	assert.deepEqual(walk(same, "0:1", [step("a(1)")], undefined), [0], "two steps of one text: which one is not known");
	const known: Graph = { ...g, nodes: [node(0, 0, "", "p"), node(1, 1, "", "q"), node(2, 2, "", "r")] };
	assert.deepEqual(walk(known, "0:1", [step("?", "r"), undefined, step("?", "q")], "p"), [0, 2, undefined, 1]);
});

test("a graph grows at a node, and knows its states again", () => {
	const g: Graph = { nodes: [{ ...node(0, 0, "", "p"), more: 2 }, node(1, 1, "", "q")], edges: [edge(0, 1, "a")] };
	const more: Graph = { nodes: [node(0, 0, "", "p"), node(1, 1, "", "q"), node(2, 1, "", "r")], edges: [edge(0, 1, "a"), edge(0, 2, "b")] };
	const out = grow(g, g.nodes[0]!, more);
	assert.deepEqual(out.nodes.map((n) => [n.id, n.state, n.depth, n.more]), [[0, "p", 0, 0], [1, "q", 1, 0], [2, "r", 1, 0]]);
	assert.deepEqual(out.edges.map((e) => [e.from, e.to]), [[0, 1], [0, 2]]);
});

test("boxes show the fields in which they differ", () => {
	const text = ['{"a":1,"b":{"c":"x","d":0}}', '{"a":1,"b":{"c":"y","d":0}}'];
	assert.deepEqual(labels(text, true), [["b.c x"], ["b.c y"]]);
	assert.deepEqual(labels([...text, '{"a":2,"b":{"c":"y"}}'], true, [undefined, 0, 1])[2], ["a 2", "b.d ✕"]);
	assert.deepEqual(labels(["leader", "", "3"], true), [["leader"], [], ["3"]]);
});

test("states with one label are one box, with counts on the arrows", () => {
	const g: Graph = {
		nodes: [node(0, 0, "a"), node(1, 1, "b"), node(2, 1, "b")], edges: [edge(0, 1, "x(1)"), edge(0, 2, "x(2)"), edge(1, 2, "y")],
	};
	const d = draw(g, true);
	assert.deepEqual(d.spots.map((s) => [s.node.label, s.size]), [["a", 1], ["b", 2]]);
	assert.deepEqual(d.edges.map((e) => e.text), ["x ×2"]);
	assert.equal(d.spotOf.get(2), 1);
});

test("texts that would lie over each other are left out", () => {
	const at = (x: number, y: number, on = false) => ({ x, y, text: "abcdef", on });
	assert.deepEqual(readable([at(0, 0), at(10, 5), at(200, 0), at(5, 2, true)], 6, 12), [at(5, 2, true), at(200, 0)]);
	assert.deepEqual(readable([at(0, 0), at(200, 0)], 6, 12, [{ x: 0, y: 20, half: 9, tall: 24 }]), [at(200, 0)]);
});
