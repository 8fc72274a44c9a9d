// Drawings of state graphs: from the answer of the server to shapes. Pure functions.
import type { Graph as Answer, GraphNode as Answered, Step } from "./api.ts";
import { plural } from "./format.ts";
import { merge, place } from "./layers.ts";
import * as paths from "./path.ts";
import { visible } from "./text.ts";
import { inline } from "./tree.ts";

/** GraphNode is a state with a shortest path to it. */
export interface GraphNode extends Answered {
	path: string;
}

/** Graph is a part of the state graph. */
export interface Graph extends Answer {
	nodes: GraphNode[];
}

/** from returns a graph that was asked for from the end of a path; an empty one stands for all initial states. */
export function from(path: string, g: Answer): Graph {
	return { ...g, nodes: g.nodes.map((n) => ({ ...n, path: paths.after(path, n.on) })) };
}

/** Spot is a node with its place. */
export interface Spot {
	node: GraphNode;
	x: number;
	y: number;
	lines: string[]; // what is written in it, if it is a box, or beside it
	size: number; // states that it stands for
	ids: number[]; // those states
}

/** Edge is a drawn edge. */
export interface Edge {
	from: number;
	to: number;
	d: string;
	back: boolean;
	text: string;
	label: { x: number; y: number };
}

export interface Drawing {
	width: number;
	height: number;
	boxes: boolean; // nodes are boxes with their text inside
	box: { width: number; height: number };
	radius: number;
	dx: number;
	dy: number;
	colours: Map<string, number>;
	spots: Spot[];
	edges: Edge[];
	spotOf: Map<number, number>; // by id of a state, the place in spots
}

/** margin is the free space around a drawing. */
const margin = 48;

/** draw places a graph. With collapse, all states with the same label are one box. The aspect is that of where it is seen. */
export function draw(g: Graph, collapse: boolean, aspect = 2): Drawing {
	const merged = collapse ? merge(g.nodes, g.edges) : null;
	const nodes: (GraphNode & { members?: GraphNode[] })[] = merged ? merged.groups : g.nodes;
	const arcs: { from: number; to: number; text: string }[] = merged
		? merged.arcs.map((a) => ({ ...a, text: counted(a.names) }))
		: g.edges.map((e) => ({ from: e.from, to: e.to, text: visible(e.text) }));
	const texts = labels(nodes.map((n) => n.label), merged !== null, parents(nodes, arcs));
	const many = nodes.length > 400;
	const boxes = merged !== null && !many;
	const box = boxes ? sizeOf(texts) : { width: 0, height: 0 };
	const layers = new Map<number, number>();
	for (const n of nodes) layers.set(n.depth, (layers.get(n.depth) ?? 0) + 1);
	const tallest = Math.max(1, ...layers.values());
	const radius = tallest > 16 ? 8 : 9;
	const dy = boxes ? box.height + 30 : tallest > 16 ? 20 : 32;
	const wide = (dy * tallest * aspect) / Math.max(1, layers.size); // so that the drawing has the shape of its place
	const dx = boxes ? box.width + 170 : Math.max(tallest > 16 ? 56 : 110, Math.min(wide, 420));
	const positions = place(nodes, arcs, dx, dy);
	let [low, high, right] = [0, 0, 0];
	for (const p of positions.values()) [low, high, right] = [Math.min(low, p.y), Math.max(high, p.y), Math.max(right, p.x)];
	const pad = margin + Math.max(radius, box.height / 2);
	const left = margin + Math.max(radius, box.width / 2);
	const at = (id: number): { x: number; y: number } => {
		const p = positions.get(id)!;
		return { x: p.x + left, y: p.y - low + pad };
	};
	const colours = new Map<string, number>();
	for (const n of nodes) if (n.label && !colours.has(n.label)) colours.set(n.label, (colours.size % 8) + 1);
	const spots = nodes.map((node, i) => ({
		node, ...at(node.id), lines: texts[i]!, size: node.members?.length ?? 1, ids: (node.members ?? [node]).map((m) => m.id),
	}));
	const spotOf = new Map<number, number>();
	spots.forEach((s, i) => s.ids.forEach((id) => spotOf.set(id, i)));
	const half = boxes ? { x: box.width / 2, y: box.height / 2 } : { x: radius, y: radius };
	return {
		width: right + left * 2 + (boxes ? 0 : 60), height: high - low + pad * 2, boxes, box, radius, dx, dy, colours, spots, spotOf,
		edges: arcs.map((a) => ({ from: a.from, to: a.to, text: a.text, ...curve(at(a.from), at(a.to), half, dx) })),
	};
}

function counted(names: Map<string, number>): string {
	const all = [...names].sort(([, a], [, b]) => b - a).map(([name, n]) => visible(name.replace(/^deliver /, "")) + (n > 1 ? ` ×${n}` : ""));
	return all.length > 3 ? `${all.slice(0, 3).join(", ")}, ${all.length - 3} more` : all.join(", ");
}

function sizeOf(texts: string[][]): { width: number; height: number } {
	let [longest, lines] = [6, 1];
	for (const t of texts) {
		lines = Math.max(lines, t.length);
		for (const l of t) longest = Math.max(longest, l.length);
	}
	return { width: Math.min(240, longest * 6.7 + 20), height: lines * 15 + 12 };
}

/** maxLines is how many fields a box shows. */
const maxLines = 5;

/** parents returns for each node the place of a node before it from which an arc leads to it; undefined without one. */
function parents(nodes: GraphNode[], arcs: { from: number; to: number }[]): (number | undefined)[] {
	const place = new Map(nodes.map((n, i) => [n.id, i]));
	const out: (number | undefined)[] = nodes.map(() => undefined);
	for (const a of arcs) {
		const [from, to] = [place.get(a.from)!, place.get(a.to)!];
		if (out[to] === undefined && nodes[from]!.depth < nodes[to]!.depth) out[to] = from;
	}
	return out;
}

/** labels writes values for people: of objects, what differs from the node before, or from all others; a line each. */
export function labels(texts: string[], several: boolean, parents: (number | undefined)[] = []): string[][] {
	const values = texts.map(parsed);
	const objects = values.filter((v): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v));
	if (!several || objects.length < values.length || objects.length < 2) {
		return values.map((v) => (v === undefined ? [] : [written(v)]));
	}
	const flat = objects.map(flattened);
	const keys = [...new Set(flat.flatMap((f) => [...f.keys()]))];
	const all = keys.filter((k) => new Set(flat.map((f) => f.get(k))).size > 1);
	return flat.map((f, i) => {
		const before = parents[i] === undefined ? undefined : flat[parents[i]!];
		const lines = before
			? keys.filter((k) => f.get(k) !== before.get(k) && !(f.get(k) === undefined && /^[{[][\]}]$/.test(before.get(k)!))).map((k) => `${k} ${f.get(k) ?? "✕"}`)
			: all.filter((k) => f.has(k)).map((k) => `${k} ${f.get(k)}`);
		return lines.length > maxLines ? [...lines.slice(0, maxLines - 1), `… ${lines.length - maxLines + 1} more`] : lines;
	});
}

function parsed(text: string): unknown {
	if (text === "") return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function written(v: unknown): string {
	return typeof v === "string" ? visible(v) : inline(v as never);
}

/** flattened returns the leaves of an object by the last two keys of their paths, or by more where that is ambiguous. */
function flattened(v: Record<string, unknown>): Map<string, string> {
	const out = new Map<string, string>();
	const visit = (x: unknown, keys: string[]): void => {
		if (typeof x === "object" && x !== null && !Array.isArray(x) && Object.keys(x).length > 0 && keys.length < 5) {
			for (const [k, y] of Object.entries(x)) visit(y, [...keys, visible(k)]);
			return;
		}
		const short = keys.slice(-2).join(".");
		out.set(out.has(short) ? keys.join(".") : short, written(x));
	};
	visit(v, []);
	return out;
}

/** Written is a text with the middle of its place, in pixels. */
export interface Written {
	x: number;
	y: number;
	text: string;
	on: boolean; // it lies on the path that is shown
}

/** Taken is a place where nothing can be written: its middle, and half of its width and height. */
export interface Taken {
	x: number;
	y: number;
	half: number;
	tall: number;
}

/** readable leaves out texts that would lie over one that is there, or over a taken place: those on the path come first. */
export function readable(all: Written[], character: number, height: number, taken: Taken[] = []): Written[] {
	const cells = new Map<string, { x: number; y: number; half: number }[]>();
	const enter = (x: number, y: number, half: number): void => {
		const row = String(Math.floor(y / height));
		(cells.get(row) ?? cells.set(row, []).get(row)!).push({ x, y, half });
	};
	for (const t of taken) for (let y = t.y - t.tall + height / 2; y <= t.y + t.tall - height / 2 + 0.1; y += height / 2) enter(t.x, y, t.half);
	const out: Written[] = [];
	for (const w of [...all].sort((a, b) => Number(b.on) - Number(a.on))) {
		const half = (w.text.length * character) / 2 + 3;
		const row = Math.floor(w.y / height);
		const near = [row - 1, row, row + 1].flatMap((r) => cells.get(String(r)) ?? []);
		if (near.some((o) => Math.abs(o.y - w.y) < height && Math.abs(o.x - w.x) < o.half + half)) continue;
		enter(w.x, w.y, half);
		out.push(w);
	}
	return out;
}

interface Point {
	x: number;
	y: number;
}

function curve(a: Point, b: Point, half: Point, layer: number): { d: string; back: boolean; label: Point } {
	if (a.x === b.x && a.y === b.y) {
		return { d: `M${a.x - 3} ${a.y - half.y} c -14 -24 20 -24 6 -1`, back: true, label: { x: a.x, y: a.y - half.y - 20 } };
	}
	if (b.x <= a.x) { // back to an earlier layer, or within one
		const over = Math.min(a.y, b.y) - half.y - 22 - Math.min(60, Math.abs(a.x - b.x) / 14);
		return {
			d: `M${a.x} ${a.y - half.y} C ${a.x} ${over}, ${b.x} ${over}, ${b.x} ${b.y - half.y}`, back: true,
			label: { x: (a.x + b.x) / 2, y: over * 0.75 + (Math.min(a.y, b.y) - half.y) * 0.25 },
		};
	}
	const [x1, x2] = [a.x + half.x, b.x - half.x];
	const middle = (x1 + x2) / 2;
	if (b.x - a.x > layer * 1.5) { // around what lies between
		const over = Math.min(a.y, b.y) - half.y * 2 - 14;
		return {
			d: `M${x1} ${a.y} C ${x1 + layer * 0.6} ${over}, ${x2 - layer * 0.6} ${over}, ${x2} ${b.y}`, back: false,
			label: { x: middle, y: over * 0.75 + ((a.y + b.y) / 2) * 0.25 },
		};
	}
	return { d: `M${x1} ${a.y} C ${middle} ${a.y}, ${middle} ${b.y}, ${x2} ${b.y}`, back: false, label: { x: middle, y: (a.y + b.y) / 2 } };
}

/** walk returns the states of a path among those of a graph, by id; undefined where they are not, or not known to be. */
export function walk(g: Graph, steps: (Step | undefined)[], initial: string | undefined): (number | undefined)[] {
	const of = new Map(g.nodes.map((n) => [n.state, n.id]));
	const id = (state: string | undefined): number | undefined => (state === undefined ? undefined : of.get(state));
	return [id(initial), ...steps.map((s) => id(s?.state))];
}

/** spotAt returns the place of a state among the spots of a drawing; -1 if it is not there. */
export function spotAt(d: Drawing, id: number | undefined): number {
	return id === undefined ? -1 : (d.spotOf.get(id) ?? -1);
}

/** OnTrace is what of a drawing a path goes through: spots and edges by their places, and pairs of spots for supposed steps. */
export interface OnTrace {
	nodes: Set<number>;
	edges: Set<number>;
	supposed: [number, number][];
}

/** onTrace returns what of a drawing a path goes through. */
export function onTrace(d: Drawing, trace: (number | undefined)[], steps: (Step | undefined)[]): OnTrace {
	const [nodes, pairs, supposed] = [new Set<number>(), new Set<string>(), [] as [number, number][]];
	trace.forEach((id, i) => {
		const [spot, next] = [spotAt(d, id), spotAt(d, trace[i + 1])];
		if (spot >= 0) nodes.add(spot);
		if (spot < 0 || next < 0) return;
		if (steps[i]?.outside) supposed.push([spot, next]);
		else pairs.add(`${d.spots[spot]!.node.id} ${d.spots[next]!.node.id}`);
	});
	const edges = new Set(d.edges.flatMap((e, i) => (pairs.has(`${e.from} ${e.to}`) ? [i] : [])));
	return { nodes, edges, supposed };
}

/** grow adds a graph that begins at a state of another one. Both must know the fingerprints of their states. */
export function grow(g: Graph, at: GraphNode, more: Graph): Graph {
	const of = new Map(g.nodes.map((n) => [n.state, n]));
	const nodes = g.nodes.slice();
	const ids = new Map<number, number>();
	for (const n of more.nodes) {
		const was = of.get(n.state);
		if (was) {
			ids.set(n.id, was.id);
			if (n.more < was.more) nodes[nodes.findIndex((x) => x.id === was.id)] = { ...was, more: n.more };
			continue;
		}
		const id = nodes.length;
		ids.set(n.id, id);
		nodes.push({ ...n, id, depth: at.depth + n.depth });
	}
	const drawn = new Set(g.edges.map((e) => `${e.from} ${e.to} ${e.name}`));
	const edges = g.edges.slice();
	for (const e of more.edges) {
		const [from, to] = [ids.get(e.from)!, ids.get(e.to)!];
		if (!drawn.has(`${from} ${to} ${e.name}`)) edges.push({ ...e, from, to });
	}
	return { ...g, nodes, edges };
}

/** title says all of a node. */
export function title(s: Spot): string {
	const out = s.lines.slice();
	out.push(s.size > 1 ? `${plural(s.size, "state")}, the nearest after ${plural(s.node.depth, "step")}` : `after ${plural(s.node.depth, "step")}`);
	if (s.node.breaks.length > 0) out.push(`breaks ${s.node.breaks.join(", ")}`);
	if (s.node.ends) out.push("the run ends here");
	if (s.node.more > 0) out.push(`${plural(s.node.more, "successor")} not drawn`);
	return out.join("\n");
}
