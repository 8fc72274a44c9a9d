import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { spotAt, type Drawing, type GraphNode, type Spot } from "../graph.ts";
import { useBox, usePicked, useStore } from "../hooks.ts";
import { Drawn, Marks } from "./drawn.tsx";

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
			<svg class="whole" width="100%" height="100%" style={{ "--k": String(2 ** coarse) }}>
				<defs>
					{["tip", "tip-on"].map((id) => (
						<marker key={id} id={id} viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto">
							<path d="M0 1 L8 4 L0 7 z" />
						</marker>
					))}
				</defs>
				<g transform={`scale(${view.k}) translate(${-view.x} ${-view.y})`}>
					<Drawn drawn={drawn} k={2 ** coarse} onExpand={onExpand} />
				</g>
			</svg>
			<svg class="over" width="100%" height="100%" style={{ "--k": String(2 ** coarse) }}>
				<g transform={`scale(${view.k}) translate(${-view.x} ${-view.y})`}>
					<Marks drawn={drawn} trace={trace} results={results} here={here} active={active} k={2 ** coarse} />
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
