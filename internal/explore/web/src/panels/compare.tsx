import { useEffect, useMemo, useState } from "preact/hooks";
import { align, facing, folded, summary, type Line, type Row } from "../compare.ts";
import { plural, px } from "../format.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import * as paths from "../path.ts";
import type { Snapshot, Steps } from "../store.ts";
import { visible } from "../text.ts";
import { Named } from "./named.tsx";

const height = 28;

/** texts returns the texts of steps; one that is not loaded is like no other. */
function texts(s: Steps, side: string): string[] {
	return Array.from({ length: s.length }, (_, i) => s.steps[i]?.text ?? `${side} ${i + 1}`);
}

/** Comparison lists the steps of two runs side by side: equal ones in the middle, and those in which they differ. */
export function Comparison({ other }: { other: NonNullable<Snapshot["other"]> }) {
	const { steps, at, path } = usePicked("steps", "at", "path");
	const store = useStore();
	const box = useBox();
	const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
	const shared = useMemo(() => paths.common(path, other.path), [path, other.path]);
	const [a, b] = useMemo(() => [texts(steps, "this"), texts(other.steps, "other")], [steps, other.steps]);
	const rows = useMemo(() => align(a, b, Math.max(0, shared)), [a, b, shared]);
	const lines = useMemo(() => folded(rows, at, opened), [rows, at, opened]);
	const now = lines.findIndex((l) => "row" in l && l.row.a === at);
	useEffect(() => void store.load(Math.max(1, shared + 1)), [shared, steps.length]);
	useEffect(() => store.face(facing(rows, at)), [rows, at]);
	useReveal(box, (now + 1) * height, height, height * 2);
	const first = Math.max(0, Math.floor(box.top / height) - 8);
	const last = Math.min(lines.length, Math.ceil((box.top + box.height) / height) + 8);
	return (
		<>
			<Head title={other.title} text={shared < 0 ? "They begin in different initial states. " + summary(rows, a, b) : summary(rows, a, b)} />
			<div
				class="scroll" ref={box.ref} tabIndex={0} role="listbox" aria-label="Steps of both runs"
				aria-activedescendant={`step-${at}`} onMouseLeave={() => store.hover(null)}
			>
				<div style={{ height: px((lines.length + 1) * height), position: "relative" }}>
					{first === 0 && <Cell side="both" y={0} a={0} kind="same" text="" other={other.steps} />}
					{lines.slice(first, last).map((l, i) => {
						const y = (first + i + 1) * height;
						if ("folded" in l) return <Fold key={`fold ${l.folded[0]!.a}`} line={l} y={y} onOpen={() => setOpened(new Set([...opened, l.folded[0]!.a!]))} />;
						return <Pair key={`${l.row.a} ${l.row.b}`} row={l.row} y={y} a={a} b={b} other={other.steps} />;
					})}
				</div>
			</div>
		</>
	);
}

function Head({ title, text }: { title: string; text: string }) {
	const { base, model } = usePicked("base", "model");
	const store = useStore();
	return (
		<div class="compared">
			<span class="side">this run</span>
			<span class="side">
				<span class="title">{visible(title)}</span>
				<button
					class="link" aria-pressed={base.kind === "other"} title="Compare the states, too: each with the one after the same steps"
					onClick={() => store.compareWith(base.kind === "other" ? { kind: "previous" } : { kind: "other" })}
				>
					{base.kind === "other" ? "states: on" : "states"}
				</button>
				<button class="link" title="Show it in place of this run" onClick={() => void store.swap(store.get().at)}>swap</button>
				<button class="link" aria-label="End the comparison" onClick={() => store.alone()}>✕</button>
			</span>
			<span class="wide"><Named text={text} names={model?.actors ?? []} /></span>
		</div>
	);
}

function Fold({ line, y, onOpen }: { line: Line & { folded: Row[] }; y: number; onOpen: () => void }) {
	return (
		<button class="step fold" style={{ top: px(y), height: px(height) }} onClick={onOpen} title="Show them">
			⋯ {plural(line.folded.length, "equal step")}, {line.folded[0]!.a} to {line.folded.at(-1)!.a}
		</button>
	);
}

const signs: Record<Row["kind"], string> = { same: "", instead: "≠", here: "−", there: "+", moved: "⇅", on: "" };
const words: Record<Row["kind"], string> = {
	same: "", instead: "the runs take different steps here", here: "the other run does not take this step", there: "this run does not take this step",
	moved: "both runs take this step, in another order", on: "the other run goes on",
};

interface PairProps {
	row: Row;
	y: number;
	a: string[];
	b: string[];
	other: Steps;
}

function Pair({ row: r, y, a, b, other }: PairProps) {
	if (r.kind === "same") return <Cell side="both" y={y} a={r.a!} b={r.b!} kind="same" text={a[r.a! - 1]!} other={other} />;
	return (
		<>
			{r.a !== undefined
				? <Cell side="left" y={y} a={r.a} kind={r.kind} text={a[r.a - 1]!} other={other} />
				: <Hole side="left" y={y} />}
			{r.b !== undefined
				? <Cell side="right" y={y} b={r.b} kind={r.kind} text={b[r.b - 1]!} other={other} />
				: <Hole side="right" y={y} />}
		</>
	);
}

/** Hole is where the run of a side takes no step. */
function Hole({ side, y }: { side: "left" | "right"; y: number }) {
	return <div class={`step hole ${side}`} style={{ top: px(y), height: px(height) }} aria-hidden="true" />;
}

interface CellProps {
	side: "both" | "left" | "right";
	y: number;
	a?: number;
	b?: number;
	kind: Row["kind"];
	text: string;
	other: Steps;
}

function Cell({ side, y, a, b, kind, text, other }: CellProps) {
	const { at, preview, steps, model, fate, path } = usePicked("at", "preview", "steps", "model", "fate", "path");
	const store = useStore();
	const breaks = a !== undefined ? steps.breaks.get(a) : other.breaks.get(b!);
	const name = ["step", side, kind, a === at ? "selected" : "", a !== undefined && a === preview ? "preview" : "", breaks ? "breaks" : ""];
	const lost = a !== undefined && fate !== undefined && fate.path === path && fate.broken >= 0 && fate.step === a;
	return (
		<div
			id={a !== undefined ? `step-${a}` : `other-${b}`} role="option" aria-selected={a === at} class={name.join(" ")}
			style={{ top: px(y), height: px(height) }} title={[visible(text), words[kind]].filter((x) => x).join("\n")}
			onClick={() => void (a !== undefined ? store.select(a) : store.swap(b!))}
			onMouseEnter={() => store.hover(a ?? null)}
		>
			<span class="number">{a ?? b}</span>
			<span class="differs" aria-label={words[kind]}>{signs[kind]}</span>
			<span class="text">{a === 0 ? <i>initial state</i> : <Named text={text} names={model?.actors ?? []} />}</span>
			{lost && <span class="tag bad" title={fate.known ? "inevitable from here" : "unknown before this"}>⚑</span>}
			{breaks && <span class="sign" title={`breaks ${breaks.join(", ")}`} aria-label={`breaks ${breaks.join(", ")}`}>✗</span>}
		</div>
	);
}
