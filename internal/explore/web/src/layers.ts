// Layout of state graphs in layers: depth runs to the right, and the order within a layer keeps
// edges short. The layers are given, as breadth-first depths are; see Sugiyama, Tagawa and Toda,
// "Methods for visual understanding of hierarchical system structures", 1981. Pure functions.

export interface Vertex {
	id: number;
	depth: number;
}

export interface Arc {
	from: number;
	to: number;
}

export interface Placed {
	id: number;
	x: number;
	y: number;
}

/** sweeps is how often the order of the layers is improved. */
const sweeps = 8;

/** place returns positions, columns dx apart and rows at least dy apart, centred around y = 0. */
export function place(vertices: Vertex[], arcs: Arc[], dx: number, dy: number): Map<number, Placed> {
	const layers: number[][] = [];
	const depth = new Map<number, number>();
	for (const v of vertices) {
		(layers[v.depth] ??= []).push(v.id);
		depth.set(v.id, v.depth);
	}
	const before = new Map<number, number[]>();
	const after = new Map<number, number[]>();
	for (const a of arcs) {
		const [d, e] = [depth.get(a.from), depth.get(a.to)];
		if (d === undefined || e === undefined || d >= e) continue;
		(after.get(a.from) ?? after.set(a.from, []).get(a.from)!).push(a.to);
		(before.get(a.to) ?? before.set(a.to, []).get(a.to)!).push(a.from);
	}
	const position = new Map<number, number>();
	const number = (layer: number[]): void => layer.forEach((id, i) => position.set(id, i - (layer.length - 1) / 2));
	const filled = layers.filter((l) => l !== undefined);
	filled.forEach(number);
	const improve = (layer: number[], beside: Map<number, number[]>): void => {
		const weight = new Map(layer.map((id) => [id, mean(beside.get(id), position) ?? position.get(id)!]));
		layer.sort((a, b) => weight.get(a)! - weight.get(b)! || a - b);
		number(layer);
	};
	for (let i = 0; i < sweeps; i++) {
		for (let k = 1; k < filled.length; k++) improve(filled[k]!, before);
		for (let k = filled.length - 2; k >= 0; k--) improve(filled[k]!, after);
	}
	const out = new Map<number, Placed>();
	for (const v of vertices) out.set(v.id, { id: v.id, x: v.depth * dx, y: position.get(v.id)! * dy });
	return out;
}

function mean(ids: number[] | undefined, position: Map<number, number>): number | undefined {
	if (!ids || ids.length === 0) return undefined;
	return ids.reduce((sum, id) => sum + position.get(id)!, 0) / ids.length;
}

/** Merged is an arc that stands for several. */
export interface Merged extends Arc {
	count: number;
	names: Map<string, number>; // how often each kind of step is among them
}

/** merge puts all vertices with the same label together, at the least depth, and their arcs. */
export function merge<V extends Vertex & { label: string }>(
	vertices: V[],
	arcs: (Arc & { name: string })[],
): { groups: (V & { members: V[] })[]; arcs: Merged[] } {
	const groups = new Map<string, V & { members: V[] }>();
	const of = new Map<number, number>();
	for (const v of vertices) {
		let g = groups.get(v.label);
		if (!g) groups.set(v.label, (g = { ...v, members: [] }));
		g.members.push(v);
		g.depth = Math.min(g.depth, v.depth);
		of.set(v.id, g.id);
	}
	const merged = new Map<string, Merged>();
	for (const a of arcs) {
		const [from, to] = [of.get(a.from), of.get(a.to)];
		if (from === undefined || to === undefined || from === to) continue;
		const key = `${from} ${to}`;
		let m = merged.get(key);
		if (!m) merged.set(key, (m = { from, to, count: 0, names: new Map() }));
		m.count++;
		m.names.set(a.name, (m.names.get(a.name) ?? 0) + 1);
	}
	const order = [...groups.values()].sort((a, b) => a.depth - b.depth);
	const depths = new Map<number, number>();
	for (const g of order) if (!depths.has(g.depth)) depths.set(g.depth, depths.size); // no empty columns
	for (const g of order) g.depth = depths.get(g.depth)!;
	return { groups: order, arcs: [...merged.values()] };
}
