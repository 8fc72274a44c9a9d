import { useEffect, useMemo } from "preact/hooks";
import { saved, type Step } from "../api.ts";
import { count, px } from "../format.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import { forks, type Run } from "../runs.ts";
import { past } from "../sequence.ts";
import type { Steps } from "../store.ts";
import { visible } from "../text.ts";
import { Comparison } from "./compare.tsx";
import { Named } from "./named.tsx";
import { Runs } from "./runs.tsx";

const height = 28;

/** StepsPanel lists the steps of the path; only those in view are drawn. */
export function StepsPanel() {
	const { steps, at, model, other, path, causes, runs } = usePicked("steps", "at", "model", "other", "path", "causes", "runs");
	const store = useStore();
	const box = useBox();
	const length = steps.length;
	const first = Math.max(0, Math.floor(box.top / height) - 8);
	const last = Math.min(length, Math.ceil((box.top + box.height) / height) + 8);
	useReveal(box, at * height, height, height * 2);
	useEffect(() => {
		void store.load(first);
		void store.load(last);
	}, [first, last, steps.length]);
	const before = useMemo(() => (causes ? past(steps.rows, at) : null), [causes, steps.rows, at]);
	const names = model?.actors ?? [];
	const leaving = useMemo(() => leave(runs, path), [runs, path]);
	const rows = [];
	for (let i = first; i <= last; i++) {
		const faint = before !== null && i > 0 && before[i] !== 1;
		rows.push(<Row key={i} i={i} steps={steps} names={names} faint={faint} leaving={leaving.get(i)} />);
	}
	return (
		<section class="panel steps" aria-label="Steps">
			<h2>
				Steps <span class="muted">{count(at)} of {count(steps.length)}</span>
				<span class="spring" />
				<Lost />
				{runs.length > 1 && <Runs />}
			</h2>
			{other ? <Comparison other={other} /> : (
				<div
					class="scroll" ref={box.ref} tabIndex={0} role="listbox" aria-label="Steps" aria-activedescendant={`step-${at}`}
					onMouseLeave={() => store.hover(null)}
				>
					<div style={{ height: px((length + 1) * height), position: "relative" }}>{rows}</div>
				</div>
			)}
		</section>
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

interface RowProps {
	i: number;
	steps: Steps;
	names: string[];
	faint: boolean;
	leaving?: Run[] | undefined; // runs that leave the path after this step
}

function Row({ i, steps, names, faint, leaving }: RowProps) {
	const { at, preview, fate, path, actor } = usePicked("at", "preview", "fate", "path", "actor");
	const store = useStore();
	const step = steps.steps[i - 1];
	const breaks = steps.breaks.get(i);
	const row = steps.rows[i - 1];
	const mine = actor !== null && row !== undefined && (row.at === actor || row.message?.from === actor);
	const name = ["step", i === at ? "selected" : "", i === preview ? "preview" : "", breaks ? "breaks" : "", faint ? "faint" : ""];
	if (mine) name.push("mine");
	if (step?.outside) name.push("supposed");
	if (steps.loop !== null && i >= steps.loop) name.push("loops", i === steps.loop ? "start" : "", i === steps.length ? "end" : "");
	const lost = fate !== undefined && fate.path === path && fate.broken >= 0 && fate.step === i;
	return (
		<div
			id={`step-${i}`}
			role="option" aria-selected={i === at} aria-setsize={steps.length + 1} aria-posinset={i + 1}
			class={name.join(" ")}
			style={{ top: px(i * height), height: px(height) }}
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
			{step?.outside && <span class="tag bad" title={steps.outside?.reason}>what if</span>}
			{lost && (
				<span class="tag bad" title={`${fate.known ? "Inevitable from here" : "Unknown before this"}: ${fate.looked} states were looked at`}>
					⚑ {fate.known ? "inevitable from here" : "unknown before this"}
				</span>
			)}
			{steps.loop === i && <span class="tag warn" title="the run repeats from here">↻ repeats from here</span>}
			{steps.loop !== null && i === steps.length && <span class="tag warn">↩ back to {steps.loop}</span>}
			{breaks && <span class="sign" title={`breaks ${breaks.join(", ")}`} aria-label={`breaks ${breaks.join(", ")}`}>✗</span>}
		</div>
	);
}

function hint(s: Step): string {
	const changes = s.changes.slice(0, 12).map((c) => `${c.path}: ${c.before ?? "—"} → ${c.after ?? "—"}`);
	if (s.changes.length > 12) changes.push(`… ${s.changes.length - 12} more`);
	return [s.text, s.note ?? "", ...changes].filter((x) => x !== "").map(visible).join("\n");
}
