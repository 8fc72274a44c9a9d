import { useEffect, useLayoutEffect, useMemo } from "preact/hooks";
import { colour } from "../actors.ts";
import { align } from "../align.ts";
import type { Row } from "../api.ts";
import { useBox, usePicked, useReveal, useStore, type Box } from "../hooks.ts";
import {
	crossing, downTimes, fitting, flight, lanes as place, past, shape, y, type Lane, type Shape, type Sizes,
} from "../sequence.ts";
import { shorten, visible } from "../text.ts";
import { Lanes } from "./lanes.tsx";
import { MessageDetail } from "./message.tsx";

const sizes: Sizes = { row: 28, lane: 112, left: 70, right: 84, head: 0 };

/** head is the height of the row of names above the diagram. */
const head = 36;

/** SequencePanel draws the messages of the path, a row for each step. */
export function SequencePanel() {
	const { model, steps, order, other } = usePicked("model", "steps", "order", "other");
	const box = useBox();
	const alone = other === undefined; // the rows of two runs side by side are not those of one
	useEffect(() => {
		const list = document.getElementById("steps");
		if (box.element && list) return align(list, box.element, head);
		return undefined;
	}, [box.element, alone]);
	const names = model?.actors ?? [];
	const lanes = useMemo(() => place(names, order, box.width, sizes), [names, order, box.width]);
	if (names.length === 0) {
		return <p class="muted pad">Only systems of actors have sequence diagrams. See the graph.</p>;
	}
	const width = Math.max(box.width, sizes.right + (lanes[order.at(-1) ?? 0]?.x ?? 0));
	const height = y(steps.length + steps.inFlight.length, sizes) + sizes.row;
	return (
		<>
			<div class="sequence scroll" ref={box.ref} tabIndex={0} role="region" aria-label="Sequence diagram; the list of steps says the same">
				<Lanes lanes={lanes} width={width} left={box.left} view={box.width} />
				<Diagram box={box} lanes={lanes} width={width} height={height} />
			</div>
			<MessageDetail />
		</>
	);
}

interface DiagramProps {
	box: Box;
	lanes: Lane[];
	width: number;
	height: number;
}

function Diagram({ box, lanes, width, height }: DiagramProps) {
	const { steps, at, causes, flight: flown, preview } = usePicked("steps", "at", "causes", "flight", "preview");
	const store = useStore();
	const down = useMemo(() => downTimes(steps.rows), [steps.rows]);
	const before = useMemo(() => (causes ? past(steps.rows, at) : null), [causes, steps.rows, at]);
	const first = Math.max(0, Math.floor(box.top / sizes.row) - 6);
	const last = Math.min(steps.length, Math.ceil((box.top + box.height) / sizes.row) + 6);
	const row = at + (flown === null ? 0 : flown + 1);
	useReveal(box, y(row, sizes) - sizes.row / 2, sizes.row, sizes.row * 2);
	useLayoutEffect(() => aside(box, lanes, steps.rows[at - 1]), [at, box.element, box.width > 0]);
	useEffect(() => {
		void store.load(first);
		void store.load(last);
	}, [first, last, steps.length]);
	const shapes: Shape[] = [];
	const add = (i: number): void => {
		const r = steps.rows[i - 1];
		const s = r ? shape(r, i, lanes, sizes) : null;
		if (s && inView(s, box)) shapes.push(s);
	};
	for (let i = first + 1; i <= last; i++) add(i);
	crossing(steps.rows, last).forEach(add);
	const flights: Shape[] = [];
	for (let i = Math.max(0, first - steps.length); i < Math.min(steps.inFlight.length, first - steps.length + 200); i++) {
		const s = flight(steps.inFlight[i]!, i, steps.length, lanes, sizes);
		if (s && inView(s, box)) flights.push(s);
	}
	const faint = (s: Shape): boolean => before !== null && before[s.number] !== 1;
	const [left, right] = [box.left - 300, box.left + box.width + 300];
	const [top, bottom] = [y(first, sizes) - sizes.row, y(last + steps.inFlight.length + 1, sizes)];
	const atStep = (e: MouseEvent): number => {
		const offset = e.clientY - (e.currentTarget as Element).getBoundingClientRect().top;
		return Math.max(0, Math.floor(offset / sizes.row));
	};
	return (
		<svg
			width={width} height={height} role="img" aria-label="Messages of the path"
			onClick={(e) => {
				const i = atStep(e);
				if (i <= steps.length) void store.select(i);
				else if (i - steps.length - 1 < steps.inFlight.length) void store.selectFlight(i - steps.length - 1);
			}}
			onMouseMove={(e) => store.hover(atStep(e) <= steps.length ? atStep(e) : null)}
			onMouseLeave={() => store.hover(null)}
		>
			<Signs />
			<rect class="band selected" x="0" width={width} y={y(row, sizes) - sizes.row / 2} height={sizes.row} />
			{preview !== null && preview !== at && (
				<rect class="band preview" x="0" width={width} y={y(preview, sizes) - sizes.row / 2} height={sizes.row} />
			)}
			{range(first, last).filter((i) => steps.breaks.has(i)).map((i) => (
				<rect key={i} class="band breaks" x="0" width={width} y={y(i, sizes) - sizes.row / 2} height={sizes.row} />
			))}
			{down.filter((d) => d.from <= last && d.to >= first).map((d) => {
				const from = Math.max(top, y(d.from, sizes));
				const to = Math.min(bottom, d.to === Infinity ? height : y(d.to, sizes));
				if (d.actor < 0) return <rect key={`p${d.from}`} class="parted" x="0" width={width} y={from} height={to - from} />;
				const x = lanes[d.actor]?.x ?? -1;
				return x < 0 ? null : <rect key={`${d.actor} ${d.from}`} class="down" x={x - 6} width="12" y={from} height={to - from} />;
			})}
			{lanes.map((l, i) => l.x < left || l.x > right || l.x < 0 ? null : (
				<line key={i} class={`life ${colour(i)}`} x1={l.x} x2={l.x} y1={top} y2={Math.min(height, bottom)} />
			))}
			{shapes.map((s) => <Line key={s.number} s={s} supposed={steps.steps[s.number - 1]?.outside ?? false} selected={s.number === at && flown === null} sent={isSent(s, at)} faint={faint(s)} />)}
			{flights.map((s) => <Line key={s.number} s={s} selected={s.number === row && flown !== null} sent={isSent(s, at)} faint={false} />)}
			{[...shapes, ...flights].map((s) => (
				<Label key={s.number} s={s} selected={s.number === row} faint={s.kind !== "flight" && faint(s)} view={box} />
			))}
			{range(first, last).map((i) => <text key={i} class="number" x={box.left + 8} y={y(i, sizes) + 4}>{i}</text>)}
			{flights.map((s) => <text key={s.number} class="number" x={box.left + 8} y={s.y + 4}>{s.number === steps.length + 1 ? "in flight" : ""}</text>)}
			{steps.loop !== null && <Loop from={steps.length} to={steps.loop} x={Math.min(width, box.left + box.width) - 18} />}
		</svg>
	);
}

/** aside scrolls a box sideways so that the lanes of a row are in view, at least that where it happens. */
function aside(box: Box, lanes: Lane[], row: Row | undefined): void {
	const to = lanes[row?.at ?? -1]?.x ?? -1;
	if (!box.element || !row || to < 0) return;
	const from = row.message ? (lanes[row.message.from]?.x ?? to) : to;
	const [left, right] = [Math.min(from, to) - 80, Math.max(from, to) + 80];
	const seen = box.element.scrollLeft;
	if (left >= seen && right <= seen + box.width) return;
	if (right - left <= box.width) box.element.scrollLeft = Math.max(0, (left + right - box.width) / 2);
	else if (to < seen + 40 || to > seen + box.width - 40) box.element.scrollLeft = Math.max(0, to - box.width / 2);
}

function inView(s: Shape, box: Box): boolean {
	const [a, b] = s.from.x < s.to.x ? [s.from.x, s.to.x] : [s.to.x, s.from.x];
	return b >= box.left - 200 && a <= box.left + box.width + 200;
}

function range(from: number, to: number): number[] {
	return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** isSent reports whether a message was sent in a step. */
function isSent(s: Shape, at: number): boolean {
	return s.sent === at && s.number !== at;
}

/** Signs are the arrowheads and the hatching. */
function Signs() {
	return (
		<defs>
			<marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="10" orient="auto">
				<path d="M0 0.8 L8 4 L0 7.2 z" />
			</marker>
			<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
				<line x1="0" y1="0" x2="0" y2="6" />
			</pattern>
		</defs>
	);
}

interface LineProps {
	s: Shape;
	selected: boolean;
	sent: boolean;
	faint: boolean;
	supposed?: boolean;
}

function Line({ s, selected, sent, faint, supposed }: LineProps) {
	const name = `shape ${supposed ? "supposed" : ""} ${s.kind} ${selected ? "selected" : ""} ${sent ? "sent" : ""} ${faint ? "faint" : ""} ${s.cut ? "cut" : ""}`;
	switch (s.kind) {
		case "note":
			return <g class={name}><circle cx={s.to.x} cy={s.to.y} r="4.5" /></g>;
		case "crash":
			return <g class={name}><path d={`M${s.to.x - 6} ${s.to.y - 6} l12 12 m0 -12 l-12 12`} /></g>;
		case "restart":
			return <g class={name}><path d={`M${s.to.x - 5} ${s.to.y - 2} a5.5 5.5 0 1 1 1 6 m-2.5 -9 l1.5 5 l5 -1`} /></g>;
		case "partition":
		case "heal":
			return <g class={name}><line x1={s.from.x - 30} x2={s.to.x + 30} y1={s.to.y} y2={s.to.y} /></g>;
	}
	const line = s.self
		? `M${s.from.x} ${s.from.y} C ${s.from.x + 28} ${s.from.y}, ${s.to.x + 28} ${s.to.y}, ${s.to.x + 1} ${s.to.y}`
		: `M${s.from.x} ${s.from.y} L${end(s)} ${s.to.y}`;
	const open = s.kind === "lose" || s.kind === "flight";
	return (
		<g class={name}>
			<path class="line" d={line} marker-end={open ? undefined : "url(#head)"} />
			{s.kind === "duplicate" && <path class="line" d={line} transform="translate(0 -4)" />}
			{s.kind === "lose" && <path class="cross" d={`M${end(s) - 5} ${s.to.y - 5} l10 10 m0 -10 l-10 10`} />}
			{s.kind === "flight" && <circle class="open" cx={s.self ? s.to.x + 4 : end(s)} cy={s.to.y} r="3" />}
			{!s.cut && <circle class="origin" cx={s.from.x} cy={s.from.y} r="2.5" />}
		</g>
	);
}

/** end returns where a line ends: short of the lane of a message that does not arrive. */
function end(s: Shape): number {
	if (s.kind !== "lose" && s.kind !== "flight") return s.to.x;
	return s.to.x + (s.from.x <= s.to.x ? -14 : 14);
}

/** Label writes over all lines: its own ground keeps it readable where lines cross it. */
function Label({ s, selected, faint, view }: { s: Shape; selected: boolean; faint: boolean; view: Box }) {
	let text = fitting(s);
	if (s.kind === "duplicate" && text) text = `copy of ${text}`;
	if (s.kind === "flight" && s.sent > 0 && s.label.room > 130) text = shorten(text, s.label.room - 60) + `  since ${s.sent}`;
	if (s.cut && s.label.room > 110) text = shorten(text, s.label.room - 80) + `  sent in ${s.sent}`;
	if (text === "") return null;
	const wide = text.length * 6.65 + 8;
	const x = s.label.anchor === "end" ? s.label.x - wide + 4 : s.label.anchor === "middle" ? s.label.x - wide / 2 : s.label.x - 4;
	if (x > view.left + view.width + 50 || x + wide < view.left - 50) return null;
	return (
		<g class={`label ${s.kind} ${selected ? "selected" : ""} ${faint ? "faint" : ""}`}>
			<rect x={x} y={s.y - 9} width={wide} height="18" rx="4" />
			<text x={s.label.x} y={s.label.y} text-anchor={s.label.anchor}>{text}</text>
			<title>{visible(s.text)}</title>
		</g>
	);
}

function Loop({ from, to, x }: { from: number; to: number; x: number }) {
	const [a, b] = [y(from, sizes) + sizes.row / 2 - 4, y(to, sizes)];
	return (
		<g class="loop">
			<path d={`M${x - 12} ${a} h6 q6 0 6 -6 V${b + 6} q0 -6 -6 -6 h-8`} marker-end="url(#head)" />
			<g class="label loop">
				<rect x={x - 188} y={a - 9} width="172" height="18" rx="4" />
				<text x={x - 20} y={a + 4} text-anchor="end">repeats from state {to}</text>
			</g>
		</g>
	);
}
