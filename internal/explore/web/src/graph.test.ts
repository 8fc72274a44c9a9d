import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "./api.ts";
import { draw, from, grow, labels, onTrace, readable, walk, type Graph, type GraphNode } from "./graph.ts";

const node = (id: number, depth: number, label = "", state = ""): GraphNode => ({
	id, depth, label, state, on: "", path: `0:${"0".repeat(depth)}`, breaks: [], ends: false, more: 0,
});
const edge = (from: number, to: number, text: string) => ({ from, to, name: text.split("(")[0]!, text });
const step = (text: string, state?: string): Step => ({ number: 0, index: 0, name: "", text, outside: false, changes: [], ...(state ? { state } : {}) });

test("a path is laid over a graph as far as it is known", () => {
	const g: Graph = { nodes: [node(0, 0, "", "p"), node(1, 1, "", "q"), node(2, 2, "", "r")], edges: [] };
	assert.deepEqual(walk(g, [step("?", "r"), undefined, step("?", "q"), step("?"), step("?", "s")], "p"), [0, 2, undefined, 1, undefined, undefined]);
});

test("a path goes through spots and edges of a drawing", () => {
	const g: Graph = { nodes: [node(0, 0), node(1, 1), node(2, 1)], edges: [edge(0, 1, "a"), edge(0, 2, "b"), edge(0, 1, "c")] };
	const on = onTrace(draw(g, false), [0, 1, undefined, 2], []);
	assert.deepEqual([[...on.nodes], [...on.edges], on.supposed], [[0, 1, 2], [0, 2], []]);
	const supposed = onTrace(draw(g, false), [0, 1, 2], [step("a"), { ...step("crash"), outside: true }]);
	assert.deepEqual([[...supposed.edges], supposed.supposed], [[0, 2], [[1, 2]]]);
});

test("the paths of a graph go on from the one that it was asked for", () => {
	const g: Graph = { nodes: [{ ...node(0, 0), on: "" }, { ...node(1, 1), on: "4.!1" }], edges: [] };
	assert.deepEqual(from("0:2", g).nodes.map((n) => n.path), ["0:2", "0:2.4.!1"]);
	assert.deepEqual(from("", { ...g, nodes: [{ ...node(0, 0), on: "1:3" }] }).nodes.map((n) => n.path), ["1:3"]);
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
