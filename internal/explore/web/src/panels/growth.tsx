import { useEffect, useMemo, useState } from "preact/hooks";
import { colour } from "../actors.ts";
import { get, type Growth } from "../api.ts";
import { count, plural } from "../format.ts";
import { blocks, followed, power, product, units, type Block, type GrowthPart, type Unit } from "../growth.ts";
import { useBox, usePicked, useStore } from "../hooks.ts";
import { shorten, visible } from "../text.ts";

/** GrowthPanel shows what makes the state space large: a picture of the units that multiply, and a bar for each part. */
export function GrowthPanel() {
	const { status, model } = usePicked("status", "model");
	const [growth, setGrowth] = useState<Growth | null>(null);
	// While a search runs, the parts are asked for again every few reports of progress.
	const revision = status?.state === "running" ? Math.floor((status.revision ?? 0) / 8) : `${status?.state} ${status?.revision}`;
	useEffect(() => {
		const abort = new AbortController();
		get<Growth>("growth", {}, abort.signal).then(setGrowth, () => {});
		return () => abort.abort();
	}, [revision]);
	const all = useMemo(() => units(growth?.parts ?? [], model?.actors ?? []), [growth, model]);
	if (!growth || growth.parts.length === 0) {
		return <p class="muted pad">Search all states to see which parts of them take how many values.</p>;
	}
	const looked = growth.looked < growth.visited
		? `${count(growth.looked)} of ${plural(growth.visited, "state")} were looked at`
		: `All ${plural(growth.visited, "state")} were looked at`;
	return (
		<div class="scroll growth">
			<p class="muted pad tight">
				{looked}. If {all.some((u) => u.kind === "actor") ? "actors, inboxes and histories" : "the fields"} took
				their values independently of each other, there would be {power(product(all))}.
			</p>
			<Picture all={all} />
			<Bars all={all} />
			{growth.more > 0 && <p class="muted pad">{plural(growth.more, "part")} more</p>}
		</div>
	);
}

/** told says what a part of the picture or a bar stands for. */
function told(name: string, p: GrowthPart): string {
	const late = p.late > 0 ? `, ${count(p.late)} of them late` : "";
	return `${visible(name)}: ${plural(p.values, "value")}${late}${p.counter ? ", keeps growing" : ""}\nlatest: ${visible(p.latest)}\nClick to follow it`;
}

/** Picture draws the units side by side, as wide as the logarithm of their values, since these multiply; their fields below. */
function Picture({ all }: { all: Unit[] }) {
	const box = useBox();
	const list = useMemo(() => blocks(all), [all]);
	return (
		<div class="icicle" ref={box.ref} role="group" aria-label="What multiplies: a unit is as wide as the logarithm of its values">
			{list.map((b) => <Rectangle key={`${b.unit.name} ${b.field?.name}`} block={b} width={box.width} />)}
		</div>
	);
}

function Rectangle({ block: b, width }: { block: Block; width: number }) {
	const { model, pins } = usePicked("model", "pins");
	const store = useStore();
	const part = b.field?.part ?? b.unit.whole;
	const name = b.field ? b.field.name : b.unit.name;
	const path = followed(part?.path ?? b.unit.name, model?.actors ?? []);
	const room = (b.to - b.from) * width - 12;
	const label = visible(!b.field && name.length * 7 > room ? name.replace(/^inbox of /, "→ ") : name);
	const title = part ? told(b.field ? `${b.unit.name} ${name}` : name, part) : `${visible(name)}: at most ${power(b.unit.size)} values`;
	return (
		<button
			class={`block ${b.field ? "below" : "unit"} of-${b.unit.kind} ${b.unit.actor >= 0 ? colour(b.unit.actor) : ""} ${pins.includes(path) ? "shown" : ""}`}
			style={{ left: `${100 * b.from}%`, width: `${100 * (b.to - b.from)}%` }}
			title={title} aria-label={title} tabIndex={b.field ? -1 : 0} onClick={() => store.pin(path)}
		>
			{b.late > 0 && <i class="late" style={{ width: `${100 * b.late}%` }} />}
			{room > 16 && <span>{shorten(label, room)}</span>}
			{!b.field && room > 16 && <span class="size">{part ? count(part.values) : `≤ ${power(b.unit.size)}`}</span>}
		</button>
	);
}

/** Bars lists the units and their fields, with a bar for the values of each on one logarithmic scale. */
function Bars({ all }: { all: Unit[] }) {
	const most = Math.max(1, Math.ceil(Math.max(...all.flatMap((u) => [u.whole, ...u.fields.map((f) => f.part)].map((p) => Math.log10(p?.values ?? 1))))));
	const ticks = Array.from({ length: most + 1 }, (_, i) => i);
	return (
		<table class="coverage">
			<thead>
				<tr>
					<th>Part</th><th>values</th>
					<th title="Values that appear only in the deepest third of the levels; hatched in the bars">late <i class="late key" /></th>
					<th class="bar ticks" aria-hidden="true">
						<div>{ticks.map((t) => <span key={t} style={{ left: `${(100 * t) / most}%` }}>{t < 3 ? 10 ** t : t < 6 ? `${10 ** (t - 3)}k` : `${10 ** (t - 6)}M`}</span>)}</div>
					</th>
					<th class="words">latest</th>
				</tr>
			</thead>
			<tbody>
				{all.flatMap((u) => [
					<Bar key={u.name} name={u.name} unit={u} most={most} {...(u.whole ? { part: u.whole } : {})} />,
					...u.fields.map((f) => <Bar key={`${u.name} ${f.name}`} name={f.name} unit={u} most={most} part={f.part} inside />),
				])}
			</tbody>
		</table>
	);
}

interface BarProps {
	name: string;
	unit: Unit;
	most: number; // logarithm of the values of a full bar
	part?: GrowthPart; // absent of a unit that is not counted as one value
	inside?: boolean; // it is a field of the unit
}

function Bar({ name, unit: u, most, part: p, inside }: BarProps) {
	const { model, pins } = usePicked("model", "pins");
	const store = useStore();
	const path = p && followed(p.path, model?.actors ?? []);
	return (
		<tr class={inside ? "inside" : "unit"}>
			<th scope="row">
				{path === undefined ? visible(name) : (
					<button
						class={`link ${!inside && u.kind === "actor" ? colour(u.actor) : ""}`} aria-pressed={pins.includes(path)} title={told(name, p!)}
						onClick={() => store.pin(path)}
					>
						{visible(name)}
					</button>
				)}
				{p?.counter && <span class="tag bad">keeps growing</span>}
			</th>
			<td>{p ? count(p.values) : ""}</td>
			<td>{p && p.late > 0 ? count(p.late) : ""}</td>
			<td class="bar">
				{p && (
					<span style={{ width: `${(100 * Math.log10(Math.max(1, p.values))) / most}%` }}>
						<i class="late" style={{ width: `${(100 * p.late) / Math.max(1, p.values)}%` }} />
					</span>
				)}
			</td>
			<td class="words latest">{p && visible(p.latest)}</td>
		</tr>
	);
}
