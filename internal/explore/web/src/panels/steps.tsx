import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { colour } from "../actors.ts";
import { saved, type Fate, type Step } from "../api.ts";
import { count, plural, px } from "../format.ts";
import { fold, indexOf, type Item } from "../folds.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import { forks, type Run } from "../runs.ts";
import { past } from "../sequence.ts";
import { markedOn, type Steps } from "../store.ts";
import { visible } from "../text.ts";
import { Comparison } from "./compare.tsx";
import { Named } from "./named.tsx";
import { Runs } from "./runs.tsx";

const height = 28;

/** StepsPanel lists the steps of the path, or of two paths side by side. */
export function StepsPanel() {
	const { steps, at, model, other, runs } = usePicked("steps", "at", "model", "other", "runs");
	const [folded, setFolded] = useState(false);
	return (
		<section class="panel steps" aria-label="Steps">
			<h2>
				Steps <span class="muted">{count(at)} of {count(steps.length)}</span>
				<span class="spring" />
				<Lost />
				{!other && model && model.actors.length > 0 && (
					<button
						class="quiet fold" aria-pressed={folded} aria-label="Steps of one actor as one row"
						title="Steps of one actor that follow each other are one row" onClick={() => setFolded(!folded)}
					>
						⊟
					</button>
				)}
				{runs.length > 1 && <Runs />}
			</h2>
			{other ? <Comparison other={other} /> : <List folded={folded} />}
		</section>
	);
}

/** List lists the steps of the path; only those in view are drawn. */
function List({ folded }: { folded: boolean }) {
	const { steps, at, model, path, causes, runs, preview, fate, actor, marks } = usePicked(
		"steps", "at", "model", "path", "causes", "runs", "preview", "fate", "actor", "marks",
	);
	const store = useStore();
	const box = useBox();
	const folds = useFolds(folded);
	const bottom = folds.items ? folds.items.length - 1 : steps.length;
	const first = Math.max(0, Math.floor(box.top / height) - 8);
	const last = Math.min(bottom, Math.ceil((box.top + box.height) / height) + 8);
	useReveal(box, (folds.items ? indexOf(folds.items, at) : at) * height, height, height * 2);
	useEffect(() => {
		void store.load(folds.items?.[first]?.from ?? first);
		void store.load(folds.items?.[last]?.to ?? last);
	}, [first, last, steps.length]);
	const before = useMemo(() => (causes ? past(steps.rows, at) : null), [causes, steps.rows, at]);
	const names = model?.actors ?? [];
	const marked = useMemo(() => new Set(markedOn(marks, path)), [marks, path]);
	const leaving = useMemo(() => leave(runs, path), [runs, path]);
	const rows = [];
	for (let k = first; k <= last; k++) {
		const item = folds.items?.[k];
		const [i, y] = [item?.from ?? k, k * height];
		if (item && item.to > item.from) {
			rows.push(<Folded key={`fold ${i}`} item={item} y={y} names={names} onOpen={() => folds.open(i)} />);
			continue;
		}
		const lost = fate !== undefined && fate.path === path && fate.broken >= 0 && fate.step === i ? fate : undefined;
		rows.push(
			<Row
				key={i} i={i} y={y} {...parts(steps, i, actor)} names={names} faint={before !== null && i > 0 && before[i] !== 1}
				leaving={leaving.get(i)} lost={lost} marked={marked.has(i)} selected={i === at} preview={i === preview}
			/>,
		);
	}
	return (
		<div
			class="scroll rows" id="steps" data-folded={folds.items !== null} ref={box.ref} tabIndex={0} role="listbox" aria-label="Steps" aria-activedescendant={`step-${at}`}
			onMouseLeave={() => store.hover(null)}
		>
			<div style={{ height: px((bottom + 1) * height), position: "relative" }}>{rows}</div>
		</div>
	);
}

/** useFolds returns the rows with ranges of steps folded; none if nothing is to be folded. */
function useFolds(on: boolean): { items: Item[] | null; open: (step: number) => void } {
	const { steps, at, marks, path } = usePicked("steps", "at", "marks", "path");
	const [opened, setOpened] = useState<Set<number>>(new Set());
	const items = useMemo(() => {
		if (!on) return null;
		const keep = new Set([at, steps.length, ...steps.breaks.keys(), ...markedOn(marks, path)]);
		if (steps.loop !== null) keep.add(steps.loop);
		return fold(steps.rows, steps.length, keep, opened);
	}, [on, steps, at, marks, path, opened]);
	useLayoutEffect(() => setOpened(new Set()), [on]); // before anybody can click on a row
	return { items, open: (step) => setOpened(new Set(opened).add(step)) };
}

/** Folded is a range of steps of one actor. */
function Folded({ item, y, names, onOpen }: { item: Item; y: number; names: string[]; onOpen: () => void }) {
	return (
		<div class="step folded" style={{ top: px(y), height: px(height) }}>
			<button tabIndex={-1} title="Unfold" onClick={onOpen}>
				<span class="number">{item.from}</span>
				<span class="text">▸ {plural(item.to - item.from + 1, "step")} of <b class={colour(item.actor)}><bdi>{visible(names[item.actor]!)}</bdi></b></span>
			</button>
		</div>
	);
}

/** leave returns the runs that leave a path, by the step after which they do. */
function leave(runs: Run[], path: string): Map<number, Run[]> {
	const out = new Map<number, Run[]>();
	for (const f of forks(runs, path)) {
		if (f.shown || f.at < 0 || f.at === f.run.steps) continue;
		(out.get(f.at) ?? out.set(f.at, []).get(f.at)!).push(f.run);
	}
	return out;
}

/** Lost asks, and then says, when the promise that the path breaks became lost. */
function Lost() {
	const { steps, fate, path } = usePicked("steps", "fate", "path");
	const store = useStore();
	const broken = useMemo(() => firstBroken(steps), [steps]);
	if (fate?.path === path) {
		if (!fate.good) return fate.broken >= 0 && !fate.known ? <span class="muted">not known when</span> : null;
		return (
			<button
				class="link" title="Show a run that begins the same, and keeps the promise, beside this one"
				onClick={() => void store.compare(fate.good!, "nearest good run")}
			>
				nearest good run
			</button>
		);
	}
	if (!broken || saved()) return null;
	return (
		<button class="link" title={`The step from which every run breaks “${broken}” (i)`} onClick={() => void store.why(broken)}>
			when was it lost?
		</button>
	);
}

function firstBroken(steps: Steps): string | undefined {
	let first = Infinity;
	for (const at of steps.breaks.keys()) first = Math.min(first, at);
	return steps.breaks.get(first)?.[0];
}

/** Parts are what a row shows of its step. */
interface Parts {
	step: Step | undefined;
	breaks: string[] | undefined;
	outside: string | undefined;
	loop: number | null;
	length: number;
	mine: boolean; // an event of the selected actor
}

function parts(s: Steps, i: number, actor: number | null): Parts {
	const row = s.rows[i - 1];
	return {
		step: s.steps[i - 1], breaks: s.breaks.get(i), outside: s.outside?.reason, loop: s.loop, length: s.length,
		mine: actor !== null && row !== undefined && (row.at === actor || row.message?.from === actor),
	};
}

interface RowProps extends Parts {
	i: number;
	y: number;
	marked: boolean; // it has a bookmark
	names: string[];
	faint: boolean;
	selected: boolean;
	preview: boolean;
	leaving?: Run[] | undefined; // runs that leave the path after this step
	lost?: Fate | undefined; // the promise that the path breaks was lost here
}

/** Row is drawn again only when what it shows changes: a step changes two of them. */
const Row = memo(function Row({
	i, y, marked, step, breaks, outside, loop, length, mine, names, faint, selected, preview, leaving, lost,
}: RowProps) {
	const store = useStore();
	const name = ["step", selected ? "selected" : "", preview ? "preview" : "", breaks ? "breaks" : "", faint ? "faint" : ""];
	if (mine) name.push("mine");
	if (step?.outside) name.push("supposed");
	if (loop !== null && i >= loop) name.push("loops", i === loop ? "start" : "", i === length ? "end" : "");
	return (
		<div
			id={`step-${i}`}
			role="option" aria-selected={selected} aria-setsize={length + 1} aria-posinset={i + 1}
			class={name.join(" ")}
			style={{ top: px(y), height: px(height) }}
			title={step ? hint(step) : "initial state"}
			onClick={() => void store.select(i)}
			onMouseEnter={() => store.hover(i)}
		>
			<span class="number">{i}</span>
			<span class="text">
				{i === 0 ? <i>initial state</i> : step ? <Named text={step.text} names={names} /> : "…"}
			</span>
			{leaving && (
				<button
					class="forks" tabIndex={-1} title={`Runs that leave here (h, l):\n${leaving.map((r) => r.title || r.last).map(visible).join("\n")}`}
					onClick={(e) => {
						e.stopPropagation();
						void store.open(leaving[0]!.path, { at: i + 1 });
					}}
				>
					↳ {leaving.length}
				</button>
			)}
			{step?.outside && <span class="tag bad" title={outside}>what if</span>}
			{lost && (
				<span class="tag bad" title={`${lost.known ? "Inevitable from here" : "Unknown before this"}: ${lost.looked} states were looked at`}>
					⚑ {lost.known ? "inevitable" : "not known before"}
				</span>
			)}
			{loop === i && <span class="tag warn" title="the run repeats from here">↻ repeats from here</span>}
			{loop !== null && i === length && <span class="tag warn">↩ back to {loop}</span>}
			<button
				class={marked ? "mark on" : "mark"} tabIndex={-1} aria-pressed={marked} title="Bookmark (b)" aria-label={`Bookmark of step ${i}`}
				onClick={(e) => {
					e.stopPropagation();
					void store.select(i).then(() => store.mark());
				}}
			>
				{marked ? "★" : "☆"}
			</button>
			{breaks && <span class="sign" title={`breaks ${breaks.join(", ")}`} aria-label={`breaks ${breaks.join(", ")}`}>✗</span>}
		</div>
	);
});

function hint(s: Step): string {
	const changes = s.changes.slice(0, 12).map((c) => `${c.path}: ${c.before ?? "—"} → ${c.after ?? "—"}`);
	if (s.changes.length > 12) changes.push(`… ${s.changes.length - 12} more`);
	return [s.text, s.note ?? "", ...changes].filter((x) => x !== "").map(visible).join("\n");
}
