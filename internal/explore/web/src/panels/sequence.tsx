import { useEffect, useMemo, useState } from "preact/hooks";
import { colour } from "../actors.ts";
import { px } from "../format.ts";
import { useBox, useReveal, useSnapshot, useStore } from "../hooks.ts";
import { downTimes, fitting, flight, lanes as place, shape, y, type Shape, type Sizes } from "../sequence.ts";

const sizes: Sizes = { row: 28, lane: 130, left: 70, head: 0 };

/** SequencePanel draws the messages of the path, a row for each step. */
export function SequencePanel() {
	const { model, steps, at, preview } = useSnapshot();
	const store = useStore();
	const box = useBox();
	const [hidden, setHidden] = useState<Set<number>>(new Set());
	const names = model?.actors ?? [];
	const order = names.map((_, i) => i).filter((i) => !hidden.has(i));
	const lanes = useMemo(() => place(names, order, box.width, sizes), [names, hidden, box.width]);
	const down = useMemo(() => downTimes(steps.rows, lanes, sizes), [steps, lanes]);
	const height = y(steps.length + steps.inFlight.length, sizes) + sizes.row * 2;
	const width = Math.max(box.width, ...lanes.map((l) => l.x + sizes.left));
	const first = Math.max(0, Math.floor(box.top / sizes.row) - 10);
	const last = Math.min(steps.length, Math.ceil((box.top + box.height) / sizes.row) + 10);
	useReveal(box, y(at, sizes) - sizes.row / 2, sizes.row, sizes.row * 2);
	useEffect(() => {
		void store.load(first);
		void store.load(last);
	}, [first, last, steps.length]);
	if (names.length === 0) {
		return <p class="muted pad">Only systems of actors have sequence diagrams. See the graph.</p>;
	}
	const shapes: Shape[] = [];
	for (let i = first + 1; i <= steps.length; i++) {
		const row = steps.rows[i - 1];
		if (!row) continue;
		// An arrow is in view if any part of it is.
		if (i > last && (row.message?.sent ?? i) > last) continue;
		if (i > last + 2000) break;
		const s = shape(row, i, lanes, sizes);
		if (s) shapes.push(s);
	}
	const flights = steps.inFlight.map((m, i) => flight(m, i, steps.length, lanes, sizes)).filter((s) => s !== null);
	return (
		<div class="sequence scroll" ref={box.ref} tabIndex={0} aria-label="Sequence diagram; the list of steps says the same">
			<div class="lanes" style={{ width: px(width) }}>
				{names.map((name, i) => hidden.has(i) ? null : (
					<button
						key={name}
						class={`lane ${colour(i)}`}
						style={{ left: px(lanes[i]!.x) }}
						title={`${name}: click to hide`}
						onClick={() => setHidden(new Set([...hidden, i]))}
					>
						{name}
					</button>
				))}
				{hidden.size > 0 && (
					<button class="link show" onClick={() => setHidden(new Set())}>show {hidden.size} hidden</button>
				)}
			</div>
			<svg width={width} height={height} role="img" aria-label="Messages of the path">
				<defs>
					<marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto">
						<path d="M0 0.8 L8 4 L0 7.2 z" />
					</marker>
					<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
						<line x1="0" y1="0" x2="0" y2="6" />
					</pattern>
				</defs>
				<rect class="band selected" x="0" width={width} y={y(at, sizes) - sizes.row / 2} height={sizes.row} />
				{preview !== null && preview !== at && (
					<rect class="band preview" x="0" width={width} y={y(preview, sizes) - sizes.row / 2} height={sizes.row} />
				)}
				{lanes.map((l, i) => l.x < 0 ? null : <line key={i} class={`life ${colour(i)}`} x1={l.x} x2={l.x} y1="0" y2={height} />)}
				{down.map((d, i) => <rect key={i} class="down" x={d.x - 5} width="10" y={d.from} height={d.to - d.from} />)}
				{range(first, last).map((i) => (
					<rect
						key={`row${i}`}
						class={`hit ${steps.breaks.has(i) ? "breaks" : ""}`}
						x="0"
						width={width}
						y={y(i, sizes) - sizes.row / 2}
						height={sizes.row}
						onClick={() => void store.select(i)}
						onMouseEnter={() => store.hover(i)}
					/>
				))}
				{shapes.map((s) => <Drawn key={s.number} s={s} selected={s.number === at} sent={sentAt(s, at)} />)}
				{steps.length <= last && flights.map((s, i) => <Drawn key={`f${i}`} s={s} selected={false} sent={sentAt(s, at)} />)}
				{range(first, last).map((i) => <text key={i} class="number" x="6" y={y(i, sizes) + 4}>{i}</text>)}
				{steps.length <= last && flights.length > 0 && (
					<text class="number" x="6" y={y(steps.length + 1, sizes) + 4}>in flight</text>
				)}
				{steps.loop !== null && <Loop from={steps.length} to={steps.loop} width={width} />}
			</svg>
		</div>
	);
}

function range(from: number, to: number): number[] {
	return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function sentAt(s: Shape, at: number): boolean {
	return Math.abs(s.from.y - y(at, sizes)) < 1 && s.from.y !== s.to.y;
}

function Drawn({ s, selected, sent }: { s: Shape; selected: boolean; sent: boolean }) {
	const name = `shape ${s.kind} ${selected ? "selected" : ""} ${sent ? "sent" : ""}`;
	const label = (
		<text x={s.label.x} y={s.label.y} text-anchor={s.label.anchor}>
			{fitting(s)}
		</text>
	);
	switch (s.kind) {
		case "note":
			return <g class={name}><circle cx={s.to.x} cy={s.to.y} r="4" />{label}</g>;
		case "crash":
			return (
				<g class={name}>
					<path d={`M${s.to.x - 6} ${s.to.y - 6} l12 12 m0 -12 l-12 12`} />
					{label}
				</g>
			);
		case "restart":
			return <g class={name}><path d={`M${s.to.x - 6} ${s.to.y} a6 6 0 1 1 6 6`} />{label}</g>;
		case "partition":
		case "heal":
			return <g class={name}><line x1={s.from.x} x2={s.to.x} y1={s.to.y} y2={s.to.y} />{label}</g>;
	}
	const line = s.self
		? `M${s.from.x} ${s.from.y} C ${s.from.x + 30} ${s.from.y}, ${s.to.x + 30} ${s.to.y}, ${s.to.x + 4} ${s.to.y}`
		: `M${s.from.x} ${s.from.y} L${end(s)} ${s.to.y}`;
	return (
		<g class={name}>
			<title>{s.text}</title>
			<path class="line" d={line} marker-end={s.kind === "lose" || s.kind === "flight" ? undefined : "url(#head)"} />
			{s.kind === "lose" && <path class="cross" d={`M${end(s) - 5} ${s.to.y - 5} l10 10 m0 -10 l-10 10`} />}
			<circle class="origin" cx={s.from.x} cy={s.from.y} r="2.5" />
			{label}
		</g>
	);
}

/** end returns where a line ends: short of the lane of a message that does not arrive. */
function end(s: Shape): number {
	if (s.kind !== "lose" && s.kind !== "flight") return s.to.x;
	return s.to.x + (s.from.x < s.to.x ? -18 : 18);
}

function Loop({ from, to, width }: { from: number; to: number; width: number }) {
	const [a, b] = [y(from, sizes) + sizes.row / 2, y(to, sizes)];
	return (
		<g class="loop">
			<path d={`M${width - 30} ${a} h14 V${b} h-14`} marker-end="url(#head)" />
			<text x={width - 34} y={a + 4} text-anchor="end">repeats from step {to}</text>
		</g>
	);
}
