import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { readable, title, type GraphNode, type Drawing, type Spot, type Taken } from "../graph.ts";
import { useBox, usePicked, useStore } from "../hooks.ts";
import { shorten } from "../text.ts";

/** View is what part of a drawing is seen: a point of it at the corner of the box, and the scale. */
interface View {
	x: number;
	y: number;
	k: number;
}

interface Props {
	drawn: Drawing;
	trace: (number | undefined)[]; // states of the path, by id
	results: Set<string>; // paths of what was found
	onExpand: (n: GraphNode) => void;
}

const [least, greatest] = [0.08, 3];

/** Canvas draws a graph, moved by the pointer, the wheel and keys. */
export function Canvas({ drawn, trace, results, onExpand }: Props) {
	const { at } = usePicked("at");
	const store = useStore();
	const box = useBox();
	const [view, setView] = useState<View>({ x: 0, y: 0, k: 1 });
	const [active, setActive] = useState(-1);
	const here = spotAt(drawn, trace[at]);
	useLayoutEffect(() => {
		if (box.width > 0) setView(fitted(drawn, box.width, box.height, here, drawn.boxes ? 0.85 : 0.16));
	}, [drawn, box.width, box.height]);
	useEffect(() => setActive(-1), [drawn]);
	useLayoutEffect(() => {
		if (box.width > 0) setView((v) => revealed(v, drawn.spots[active >= 0 ? active : here], box.width, box.height));
	}, [active, here]);
	const zoom = (factor: number, x = box.width / 2, y = box.height / 2): void => setView((v) => {
		const k = Math.max(least, Math.min(greatest, v.k * factor));
		return { k, x: v.x + x / v.k - x / k, y: v.y + y / v.k - y / k };
	});
	const pan = (dx: number, dy: number): void => setView((v) => ({ ...v, x: v.x + dx / v.k, y: v.y + dy / v.k }));
	useEffect(() => {
		const element = box.element;
		if (!element) return;
		const turned = (e: WheelEvent): void => {
			e.preventDefault();
			const r = element.getBoundingClientRect();
			if (e.shiftKey) pan(e.deltaY, 0);
			else zoom(Math.exp(-e.deltaY / 400), e.clientX - r.left, e.clientY - r.top);
		};
		element.addEventListener("wheel", turned, { passive: false });
		return () => element.removeEventListener("wheel", turned);
	}, [box.element]);
	const key = (e: KeyboardEvent): void => {
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const now = active >= 0 ? active : here;
		const act: Record<string, () => void> = {
			"+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": () => setView(fitted(drawn, box.width, box.height, here)),
			Enter: () => drawn.spots[active] && void store.open(drawn.spots[active]!.node.path),
		};
		const turn: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
		const [dx, dy] = turn[e.key] ?? [0, 0];
		if (dx !== 0 || dy !== 0) {
			if (e.shiftKey) pan(dx * 80, dy * 80);
			else setActive(neighbour(drawn, now, dx, dy));
		} else if (act[e.key]) act[e.key]!();
		else return;
		e.preventDefault();
		e.stopPropagation();
	};
	const drag = (e: PointerEvent & { currentTarget: HTMLDivElement }): void => {
		if (e.button !== 0 || (e.target instanceof Element && e.target.closest(".node, button"))) return;
		const canvas = e.currentTarget;
		let [x, y] = [e.clientX, e.clientY];
		canvas.setPointerCapture(e.pointerId);
		const moved = (m: PointerEvent): void => {
			pan(x - m.clientX, y - m.clientY);
			[x, y] = [m.clientX, m.clientY];
		};
		const done = (): void => {
			canvas.removeEventListener("pointermove", moved);
			canvas.removeEventListener("pointerup", done);
		};
		canvas.addEventListener("pointermove", moved);
		canvas.addEventListener("pointerup", done);
	};
	const coarse = Math.round(Math.log2(view.k) * 4) / 4; // what is written changes in steps, not with every turn of the wheel
	return (
		<div
			class="canvas" tabIndex={0} ref={box.ref} role="application" aria-roledescription="state graph"
			aria-label="State graph: arrows move, Enter opens, + and - zoom, 0 fits, Shift with arrows pans"
			aria-activedescendant={active >= 0 ? `node-${active}` : undefined} onKeyDown={key} onPointerDown={drag}
			onMouseLeave={() => store.unpeek()}
		>
			<svg width="100%" height="100%" style={{ "--k": String(2 ** coarse) }}>
				<defs>
					{["tip", "tip-on"].map((id) => (
						<marker key={id} id={id} viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
							<path d="M0 1 L8 4 L0 7 z" />
						</marker>
					))}
				</defs>
				<g transform={`scale(${view.k}) translate(${-view.x} ${-view.y})`}>
					<Drawn drawn={drawn} trace={trace} results={results} here={here} active={active} k={2 ** coarse} onExpand={onExpand} />
				</g>
			</svg>
			<div class="zoom">
				<button aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(1.25)}>+</button>
				<button aria-label="Zoom out" title="Zoom out (-)" onClick={() => zoom(0.8)}>−</button>
				<button aria-label="Fit" title="Fit (0)" onClick={() => setView(fitted(drawn, box.width, box.height, here))}>⤢</button>
			</div>
		</div>
	);
}

function spotAt(d: Drawing, id: number | undefined): number {
	return id === undefined ? -1 : (d.spotOf.get(id) ?? -1);
}

/** fitted shows the whole drawing, or the part around a node where it would be too small to be read. */
function fitted(d: Drawing, width: number, height: number, here: number, least = 0.16): View {
	const k = Math.max(least, Math.min(1.3, width / d.width, height / d.height));
	const s = d.spots[here] ?? d.spots[0];
	const along = (size: number, room: number, at: number): number =>
		size * k <= room ? (size - room / k) / 2 : Math.max(0, Math.min(size - room / k, at - room / k / 2));
	return { k, x: along(d.width, width, s?.x ?? 0), y: along(d.height, height, s?.y ?? 0) };
}

function revealed(v: View, s: Spot | undefined, width: number, height: number): View {
	if (!s) return v;
	const [x, y] = [(s.x - v.x) * v.k, (s.y - v.y) * v.k];
	if (x > 20 && x < width - 20 && y > 20 && y < height - 20) return v;
	return { ...v, x: s.x - width / v.k / 2, y: s.y - height / v.k / 2 };
}

/** neighbour returns the node that lies nearest in a direction. */
function neighbour(d: Drawing, from: number, dx: number, dy: number): number {
	const a = d.spots[from];
	if (!a) return 0;
	let [best, least] = [from, Infinity];
	d.spots.forEach((s, i) => {
		const [along, across] = dx !== 0 ? [(s.x - a.x) * dx, Math.abs(s.y - a.y)] : [(s.y - a.y) * dy, Math.abs(s.x - a.x) * 8];
		const far = along + across * 2;
		if (along > 0.5 && far < least) [best, least] = [i, far];
	});
	return best;
}

interface DrawnProps extends Props {
	here: number;
	active: number;
	k: number;
}

/** Drawn is the graph itself; it is drawn again only when it, or what is marked in it, changes. */
const Drawn = memo(function Drawn({ drawn, trace, results, here, active, k, onExpand }: DrawnProps) {
	const store = useStore();
	const onTrace = useMemo(() => {
		const [nodes, edges] = [new Set<number>(), new Set<string>()];
		trace.forEach((id, i) => {
			const spot = spotAt(drawn, id);
			if (spot < 0) return;
			nodes.add(spot);
			const next = spotAt(drawn, trace[i + 1]);
			if (next >= 0) edges.add(`${drawn.spots[spot]!.node.id} ${drawn.spots[next]!.node.id}`);
		});
		return { nodes, edges };
	}, [drawn, trace]);
	const edgeRoom = (drawn.dx - (drawn.boxes ? drawn.box.width : drawn.radius * 2)) * k - 14;
	const written = drawn.edges.length <= 160 && edgeRoom >= 44;
	const room = (drawn.dx - drawn.radius * 2) * k - 22;
	const beside = !drawn.boxes && drawn.dy * k >= 12 && room >= 26 && !written;
	const edges = drawn.edges.map((e) => ({ ...e, on: onTrace.edges.has(`${e.from} ${e.to}`) })).sort((a, b) => Number(a.on) - Number(b.on));
	const texts = !written ? [] : readable(edges.map((e) => ({
		x: e.label.x * k, y: e.label.y * k, text: shorten(e.text, e.back ? Math.max(edgeRoom, 120) : edgeRoom, 6.1), on: e.on,
	})), 6.1, 13, drawn.spots.map((s) => taken(s, drawn, k)));
	return (
		<>
			{edges.map((e, i) => (
				<path key={i} class={`arc ${e.back ? "back" : ""} ${e.on ? "on" : ""}`} d={e.d} marker-end={e.on ? "url(#tip-on)" : "url(#tip)"}>
					<title>{e.text}</title>
				</path>
			))}
			{drawn.spots.map((s, i) => (
				<g
					key={s.node.id} id={`node-${i}`} class={nodeClass(s, i, here, active, onTrace.nodes, results, drawn)} role="img" aria-label={title(s)}
					transform={`translate(${s.x} ${s.y})`}
					onClick={() => void store.open(s.node.path)}
					onMouseEnter={() => store.peek(s.node.path, s.lines[0] ?? `state after ${s.node.depth} steps`)}
				>
					<title>{title(s)}</title>
					{drawn.boxes ? <Boxed s={s} drawn={drawn} /> : <Dot s={s} r={drawn.radius} label={beside ? shorten(s.lines.join(" "), room) : ""} k={k} />}
					{s.node.more > 0 && s.size === 1 && <Stub s={s} from={drawn.boxes ? drawn.box.width / 2 : drawn.radius} onExpand={onExpand} />}
				</g>
			))}
			{texts.map((t, i) => (
				<g key={i} class={`edge ${t.on ? "on" : ""}`} transform={`translate(${t.x / k} ${t.y / k})`}>
					<rect x={(-t.text.length * 3.05 - 3) / k} y={-7 / k} width={(t.text.length * 6.1 + 6) / k} height={14 / k} rx={3 / k} />
					<text text-anchor="middle" dominant-baseline="central">{t.text}</text>
				</g>
			))}
		</>
	);
});

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

function nodeClass(s: Spot, i: number, here: number, active: number, onTrace: Set<number>, results: Set<string>, d: Drawing): string {
	const out = ["node", `group-${d.colours.get(s.node.label) ?? 0}`];
	if (s.node.breaks.length > 0) out.push("breaks");
	if (onTrace.has(i)) out.push("on-trace");
	if (i === here) out.push("selected");
	if (i === active) out.push("active");
	if (results.has(s.node.path)) out.push("found");
	return out.join(" ");
}
