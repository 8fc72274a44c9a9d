import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { onTrace, readable, title, type Drawing, type Edge, type GraphNode, type Spot, type Taken } from "../graph.ts";
import { usePicked, useStore } from "../hooks.ts";
import { shorten } from "../text.ts";

interface DrawnProps {
	drawn: Drawing;
	k: number; // scale, in coarse steps
	onExpand: (n: GraphNode) => void;
}

/** Drawn is the graph itself. It is drawn once: what is marked in it lies above, so a step draws marks only. */
export const Drawn = memo(function Drawn({ drawn, k, onExpand }: DrawnProps) {
	const store = useStore();
	const room = (drawn.dx - drawn.radius * 2) * k - 22;
	const beside = !drawn.boxes && drawn.dy * k >= 12 && room >= 26 && !written(drawn, k);
	return (
		<>
			{drawn.edges.map((e, i) => (
				<path key={i} class={e.back ? "arc back" : "arc"} d={e.d} marker-end="url(#tip)"><title>{e.text}</title></path>
			))}
			{drawn.spots.map((s, i) => (
				<g
					key={s.node.id} id={`node-${i}`} class={nodeClass(s, drawn)} role="img" aria-label={title(s)}
					transform={`translate(${s.x} ${s.y})`}
					onClick={() => void store.open(s.node.path)}
					onMouseEnter={() => store.peek(s.node.path, s.lines[0] ?? `state after ${s.node.depth} steps`)}
				>
					<title>{title(s)}</title>
					{drawn.boxes ? <Boxed s={s} drawn={drawn} /> : <Dot s={s} r={drawn.radius} label={beside ? shorten(s.lines.join(" "), room) : ""} k={k} />}
					{s.node.more > 0 && s.size === 1 && <Stub s={s} from={drawn.boxes ? drawn.box.width / 2 : drawn.radius} onExpand={onExpand} />}
				</g>
			))}
		</>
	);
}, (a, b) => a.drawn === b.drawn && a.k === b.k);

/** written reports whether there is room for the texts of edges. */
function written(d: Drawing, k: number): boolean {
	return d.edges.length <= 160 && edgeRoom(d, k) >= 44;
}

function edgeRoom(d: Drawing, k: number): number {
	return (d.dx - (d.boxes ? d.box.width : d.radius * 2)) * k - 14;
}

interface MarksProps {
	drawn: Drawing;
	trace: (number | undefined)[]; // states of the path, by id
	results: Set<string>; // paths of what was found
	here: number;
	active: number;
	k: number;
}

/** Marks are what changes with a step: the path, the selected state, what was found, and the texts of edges. */
export const Marks = memo(function Marks({ drawn, trace, results, here, active, k }: MarksProps) {
	const { steps } = usePicked("steps");
	const path = useMemo(() => onTrace(drawn, trace, steps.steps), [drawn, trace, steps.steps]);
	const found = useMemo(() => drawn.spots.flatMap((s, i) => (results.has(s.node.path) ? [i] : [])), [drawn, results]);
	const texts = useMemo(() => edgeTexts(drawn, k, path.edges), [drawn, k, path]);
	return (
		<>
			{[...path.edges].map((i) => <Arc key={i} e={drawn.edges[i]!} />)}
			{path.supposed.map(([a, b]) => <Supposed key={`supposed ${a} ${b}`} from={drawn.spots[a]!} to={drawn.spots[b]!} />)}
			{[...path.nodes].filter((i) => drawn.spots[i]!.node.breaks.length === 0).map((i) => <Ring key={i} name="on-trace" i={i} drawn={drawn} />)}
			{found.map((i) => <Ring key={`found ${i}`} name="found" i={i} drawn={drawn} />)}
			{here >= 0 && <Ring name="selected" i={here} drawn={drawn} />}
			{active >= 0 && <Ring name="active" i={active} drawn={drawn} />}
			{texts.map((t, i) => (
				<g key={i} class={`edge ${t.on ? "on" : ""}`} transform={`translate(${t.x / k} ${t.y / k})`}>
					<rect x={(-t.text.length * 3.05 - 3) / k} y={-7 / k} width={(t.text.length * 6.1 + 6) / k} height={14 / k} rx={3 / k} />
					<text text-anchor="middle" dominant-baseline="central">{t.text}</text>
				</g>
			))}
		</>
	);
});

function edgeTexts(d: Drawing, k: number, on: Set<number>): { x: number; y: number; text: string; on: boolean }[] {
	if (!written(d, k)) return [];
	const room = edgeRoom(d, k);
	return readable(d.edges.map((e, i) => ({
		x: e.label.x * k, y: e.label.y * k, text: shorten(e.text, e.back ? Math.max(room, 120) : room, 6.1), on: on.has(i),
	})), 6.1, 13, d.spots.map((s) => taken(s, d, k)));
}

/** Arc marks an edge. */
function Arc({ e }: { e: Edge }) {
	return <path class={e.back ? "arc back on" : "arc on"} d={e.d} marker-end="url(#tip-on)" />;
}

/** Supposed is a step that is no edge of the graph. */
function Supposed({ from, to }: { from: Spot; to: Spot }) {
	return <path class="arc on supposed" d={`M${from.x} ${from.y} L${to.x} ${to.y}`} marker-end="url(#tip-on)"><title>what if</title></path>;
}

/** Ring marks a node. */
function Ring({ name, i, drawn }: { name: string; i: number; drawn: Drawing }) {
	const s = drawn.spots[i];
	if (!s) return null;
	const { width, height } = drawn.box;
	if (drawn.boxes) return <rect class={`ring ${name}`} x={s.x - width / 2} y={s.y - height / 2} width={width} height={height} rx="8" />;
	return <circle class={`ring ${name}`} cx={s.x} cy={s.y} r={drawn.radius} />;
}

/** taken is the place of a node and of its stub. */
function taken(s: Spot, d: Drawing, k: number): Taken {
	if (d.boxes) return { x: s.x * k, y: s.y * k, half: (d.box.width * k) / 2, tall: (d.box.height * k) / 2 };
	const stub = s.node.more > 0 ? 36 : 0;
	return { x: (s.x + stub / 2) * k, y: s.y * k, half: (d.radius + stub / 2) * k, tall: Math.max(7, d.radius * k) };
}

function Dot({ s, r, label, k }: { s: Spot; r: number; label: string; k: number }) {
	return (
		<>
			<circle class="body" r={r} />
			{s.node.breaks.length > 0 ? <path class="cross" d={`M${-r / 2.4} ${-r / 2.4} L${r / 2.4} ${r / 2.4} M${-r / 2.4} ${r / 2.4} L${r / 2.4} ${-r / 2.4}`} />
				: s.node.ends && <circle class="end" r={r - 3} />}
			{s.size > 1 && r * k > 6 && <text class="size" text-anchor="middle" dominant-baseline="central">{s.size}</text>}
			{label && <text class="name" x={r + 4} dominant-baseline="central">{label}</text>}
		</>
	);
}

function Boxed({ s, drawn }: { s: Spot; drawn: Drawing }) {
	const { width, height } = drawn.box;
	const top = -((s.lines.length - 1) * 15) / 2;
	return (
		<>
			<rect class="body" x={-width / 2} y={-height / 2} width={width} height={height} rx="8" />
			{s.lines.map((l, i) => (
				<text key={i} class="field" x={-width / 2 + 10} y={top + i * 15} dominant-baseline="central">{shorten(l, width - 18)}</text>
			))}
			<text class="count" x={width / 2 - 4} y={-height / 2 - 5} text-anchor="end">{s.size > 1 ? `×${s.size}` : ""}</text>
			{s.node.breaks.length > 0 && <text class="bad" x={-width / 2} y={-height / 2 - 5}>✗</text>}
		</>
	);
}

/** Stub stands for successors that are not drawn; a click draws them. */
function Stub({ s, from, onExpand }: { s: Spot; from: number; onExpand: (n: GraphNode) => void }) {
	return (
		<g
			class="stub"
			onClick={(e) => {
				e.stopPropagation();
				onExpand(s.node);
			}}
		>
			<path d={`M${from} 0 h12`} />
			<text x={from + 14} dominant-baseline="central">+{s.node.more}</text>
			<title>{`${s.node.more} successors are not drawn: click to draw them`}</title>
		</g>
	);
}

function nodeClass(s: Spot, d: Drawing): string {
	return `node group-${d.colours.get(s.node.label) ?? 0}${s.node.breaks.length > 0 ? " breaks" : ""}`;
}
