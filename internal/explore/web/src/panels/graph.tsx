import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { get, type Graph, type GraphNode } from "../api.ts";
import { plural } from "../format.ts";
import { useBox, useSnapshot, useStore } from "../hooks.ts";
import { merge, place } from "../layers.ts";
import { shorten } from "../sequence.ts";
import * as paths from "../path.ts";

/** least is the smallest scale at which a graph is drawn to fit. */
const least = 0.3;

/** GraphPanel draws the state graph: all of a small model, or what follows from the selected state. */
export function GraphPanel() {
	const { path, at, model, steps } = useSnapshot();
	const store = useStore();
	const [whole, setWhole] = useState(true);
	const [group, setGroup] = useState("");
	const [choice, setChoice] = useState("");
	const [collapse, setCollapse] = useState(false);
	const [depth, setDepth] = useState(0);
	const [nodes, setNodes] = useState(300);
	const [fit, setFit] = useState(true);
	const [graph, setGraph] = useState<Graph | null>(null);
	const [problem, setProblem] = useState("");
	const here = paths.prefix(path, at);
	const root = whole ? "" : here;
	useEffect(() => {
		const abort = new AbortController();
		get<Graph>("graph", { path: root, nodes, depth: depth || undefined, group }, abort.signal).then(
			(g) => {
				setGraph(g);
				setProblem("");
			},
			(e: unknown) => {
				if (!abort.signal.aborted) setProblem(e instanceof Error ? e.message : String(e));
			},
		);
		return () => abort.abort();
	}, [root, nodes, depth, group, model]);
	const drawn = useMemo(() => (graph ? layout(graph, collapse && group !== "") : null), [graph, collapse, group]);
	const box = useBox();
	const scale = drawn && fit ? Math.max(least, Math.min(1, box.width / drawn.width, box.height / drawn.height)) : 1;
	useLayoutEffect(() => {
		const n = drawn?.nodes.find((x) => x.node.path === here) ?? drawn?.nodes[0];
		if (n && box.element) {
			box.element.scrollTo(n.x * scale - box.width / 2, n.y * scale - box.height / 2);
		}
	}, [drawn, scale, box.element, box.width > 0]);
	const onTrace = new Set<string>();
	for (let i = 0; i <= Math.min(steps.length, 500); i++) onTrace.add(paths.prefix(path, i));
	return (
		<div class="graph">
			<div class="bar">
				<label>
					<select value={whole ? "all" : "here"} onChange={(e) => setWhole(e.currentTarget.value === "all")}>
						<option value="all">from the initial states</option>
						<option value="here">from the selected state</option>
					</select>
				</label>
				<label>
					at most{" "}
					<select value={String(nodes)} onChange={(e) => setNodes(Number(e.currentTarget.value))}>
						{[50, 100, 300, 1000, 2000].map((n) => <option key={n} value={String(n)}>{n}</option>)}
					</select>{" "}
					states
				</label>
				<label>
					steps{" "}
					<input
						type="number" min="0" max="99" value={depth || ""} placeholder="all"
						onChange={(e) => setDepth(Number(e.currentTarget.value))}
					/>
				</label>
				<label>
					colour by{" "}
					<select
						value={choice}
						onChange={(e) => {
							setChoice(e.currentTarget.value);
							const actor = model?.actors.includes(e.currentTarget.value);
							setGroup(actor ? `actors[${JSON.stringify(e.currentTarget.value)}]` : "");
							setCollapse(actor === true);
						}}
					>
						<option value="">nothing</option>
						{model?.actors.map((a) => <option key={a} value={a}>{a}</option>)}
						<option value="=">an expression…</option>
					</select>
				</label>
				{choice === "=" && <label class="grow">
					<input
						type="text" placeholder='such as count(actors, Role == "leader")' value={group} aria-label="Expression to colour by"
						onChange={(e) => setGroup(e.currentTarget.value)}
					/>
				</label>}
				<label class="check">
					<input type="checkbox" checked={collapse} onChange={(e) => setCollapse(e.currentTarget.checked)} disabled={group === ""} /> one node each
				</label>
				<label class="check">
					<input type="checkbox" checked={fit} onChange={(e) => setFit(e.currentTarget.checked)} /> fit
				</label>
				<span class="muted">
					{problem || (graph ? `${plural(graph.nodes.length, "state")}${graph.cut ? `, ${graph.cut}` : ", all of them"}` : "…")}
				</span>
			</div>
			<div class="scroll canvas" tabIndex={0} aria-label="State graph" ref={box.ref}>
				{drawn && (
					<svg
						width={drawn.width * scale} height={drawn.height * scale} viewBox={`0 0 ${drawn.width} ${drawn.height}`}
						role="img" aria-label="State graph"
					>
						<defs>
							<marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
								<path d="M0 1 L8 4 L0 7 z" />
							</marker>
						</defs>
						{drawn.arcs.map((a, i) => (
							<path key={i} class={`arc ${a.back ? "back" : ""}`} d={a.d} marker-end="url(#tip)"><title>{a.title}</title></path>
						))}
						{drawn.nodes.map((n) => (
							<g
								key={n.node.id}
								class={nodeClass(n.node, here, onTrace, drawn.colours)}
								transform={`translate(${n.x} ${n.y})`}
								onClick={() => void store.open(n.node.path)}
							>
								<title>{`${n.node.label}${n.node.label ? "\n" : ""}${n.node.path}${n.node.breaks.length ? "\nbreaks " + n.node.breaks.join(", ") : ""}`}</title>
								<circle r={drawn.radius} />
								{n.node.breaks.length > 0 && <text class="sign" y="4" text-anchor="middle">✗</text>}
								{n.node.ends && n.node.breaks.length === 0 && <circle class="end" r={drawn.radius - 3} />}
								{n.size > 1 && <text class="size" y="4" text-anchor="middle">{n.size}</text>}
								{n.node.label && drawn.labels && <text class="name" x={drawn.radius + 4} y="4">{shorten(n.node.label, 90)}</text>}
								{n.node.more > 0 && <text class="more" x={drawn.radius + 3} y="-5">+{n.node.more}</text>}
							</g>
						))}
					</svg>
				)}
			</div>
		</div>
	);
}

function nodeClass(n: GraphNode, here: string, onTrace: Set<string>, colours: Map<string, number>): string {
	const out = ["node", `group-${colours.get(n.label) ?? 0}`];
	if (n.breaks.length > 0) out.push("breaks");
	if (onTrace.has(n.path)) out.push("on-trace");
	if (n.path === here) out.push("selected");
	return out.join(" ");
}

interface Drawing {
	width: number;
	height: number;
	radius: number;
	labels: boolean;
	colours: Map<string, number>;
	nodes: { node: GraphNode; x: number; y: number; size: number }[];
	arcs: { d: string; title: string; back: boolean }[];
}

/** layout places a graph and draws its edges. */
function layout(g: Graph, collapse: boolean): Drawing {
	const merged = collapse ? merge(g.nodes, g.edges) : null;
	const nodes: (GraphNode & { members?: GraphNode[] })[] = merged ? merged.groups : g.nodes;
	const arcs: { from: number; to: number; title: string }[] = merged
		? merged.arcs.map((a) => ({ ...a, title: plural(a.count, "step") }))
		: g.edges.map((e) => ({ from: e.from, to: e.to, title: e.text }));
	const many = nodes.length > 400;
	const radius = many ? 5 : 9;
	const labels = nodes.some((n) => n.label) && !many;
	const positions = place(nodes, arcs, many ? 48 : labels ? 150 : 84, many ? 14 : 30);
	const all = [...positions.values()];
	const [low, high, right] = [Math.min(...all.map((p) => p.y)), Math.max(...all.map((p) => p.y)), Math.max(...all.map((p) => p.x))];
	const at = (id: number): { x: number; y: number } => {
		const p = positions.get(id)!;
		return { x: p.x + 40, y: p.y - low + 40 };
	};
	const colours = new Map<string, number>();
	for (const n of nodes) if (n.label && !colours.has(n.label)) colours.set(n.label, (colours.size % 8) + 1);
	return {
		width: right + (labels ? 190 : 90), height: high - low + 80, radius, labels, colours,
		nodes: nodes.map((node) => ({ node, ...at(node.id), size: node.members?.length ?? 1 })),
		arcs: arcs.map((a) => ({ ...curve(at(a.from), at(a.to), radius), title: a.title })),
	};
}

function curve(a: { x: number; y: number }, b: { x: number; y: number }, r: number): { d: string; back: boolean } {
	if (a.x === b.x && a.y === b.y) return { d: `M${a.x} ${a.y - r} c -14 -22 14 -22 3 -1`, back: true };
	if (b.x <= a.x) { // back to an earlier layer, or within one
		const over = Math.min(a.y, b.y) - 24;
		return { d: `M${a.x} ${a.y - r} C ${a.x} ${over}, ${b.x} ${over}, ${b.x + 1} ${b.y - r}`, back: true };
	}
	const middle = (a.x + b.x) / 2;
	return { d: `M${a.x + r} ${a.y} C ${middle} ${a.y}, ${middle} ${b.y}, ${b.x - r} ${b.y}`, back: false };
}
