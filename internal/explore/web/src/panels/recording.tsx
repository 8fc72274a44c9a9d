import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, type Change, type Divergence, type RecordedEvent, type Recording } from "../api.ts";
import { count, plural, px } from "../format.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import * as paths from "../path.ts";
import { entered, eventOf, inModel, since, type Events } from "../recording.ts";
import { chunk } from "../store.ts";
import { visible } from "../text.ts";
import { Named } from "./named.tsx";

const height = 26;

/** useRecording loads the recording in parts. */
function useRecording() {
	const store = useStore();
	const [about, setAbout] = useState<Recording | null>(null);
	const [events, setEvents] = useState<Events>([]);
	const loading = useRef(new Set<string>());
	const load = (query: { from: number } | { at: number }): void => {
		const key = JSON.stringify(query);
		if (loading.current.has(key)) return;
		loading.current.add(key);
		get<Recording>("recording", { ...query, count: chunk }).then(
			(r) => {
				setAbout(r);
				setEvents((was) => entered(was, r));
			},
			(e: unknown) => store.fail(e),
		);
	};
	return { about, events, load };
}

/** RecordingPanel shows what real processes did beside the path of the model, and where the model would not have done it. */
export function RecordingPanel() {
	const { about, events, load } = useRecording();
	useEffect(() => load({ from: 0 }), []);
	if (!about) return <p class="muted pad">The model follows the recording …</p>;
	const d = about.divergence;
	return (
		<div class="recording">
			<Summary r={about} />
			<div class="beside">
				<Merged r={about} events={events} load={load} />
				{d && <Parting r={about} d={d} />}
			</div>
		</div>
	);
}

function Summary({ r }: { r: Recording }) {
	const { path } = usePicked("path");
	const store = useStore();
	const d = r.divergence;
	return (
		<div class="bar">
			<b class="code">{visible(r.name)}</b>
			{d ? <span class="bad">✗ leaves the model at event {count(d.number)} of {count(r.total)}</span>
				: <span class="good">✓ follows the model, {plural(r.followed, "event")}</span>}
			{r.broken.map((text) => <span key={text} class="bad">✗ breaks {visible(text)}</span>)}
			{r.cut && <span class="warn">{visible(r.cut)}</span>}
			<span class="spring" />
			{path !== r.path && (
				<button class="link" onClick={() => void store.open(r.path, { title: "recording" })}>back to the path of the recording</button>
			)}
			{r.notes.length > 0 && (
				<details>
					<summary>{plural(r.notes.length, "note")}</summary>
					<ul>{r.notes.map((text) => <li key={text}>{visible(text)}</li>)}</ul>
				</details>
			)}
		</div>
	);
}

interface MergedProps {
	r: Recording;
	events: Events;
	load: (query: { from: number } | { at: number }) => void;
}

/** Merged lists the events of all processes in an order that fits their causes; only those in view are drawn. */
function Merged({ r, events, load }: MergedProps) {
	const { at, path, model, large } = usePicked("at", "path", "model", "large");
	const box = useBox();
	const first = Math.max(0, Math.floor(box.top / height) - 8);
	const last = Math.min(r.length, Math.ceil((box.top + box.height) / height) + 8);
	const shared = useMemo(() => paths.common(path, r.path), [path, r.path]);
	const selected = useMemo(() => (at > 0 && at <= shared ? eventOf(events, at) : -1), [events, at, shared]);
	const ended = r.divergence !== null && at === paths.steps(r.path) && shared === at;
	const shown = ended ? r.divergence!.number - 1 : selected;
	useReveal(box, Math.max(0, shown) * height, height, height * 2);
	useEffect(() => {
		for (let from = first - (first % chunk); from < last; from += chunk) if (!events[from]) load({ from });
	}, [first, last]);
	useEffect(() => {
		if (at > 0 && at <= shared && selected < 0) load({ at });
	}, [at, shared, selected]);
	const rows = [];
	for (let i = first; i < last; i++) {
		rows.push(<Row key={i} i={i} r={r} e={events[i]} names={model?.actors ?? []} selected={i === selected} />);
	}
	return (
		<div class="merged">
			<div class="event heads" aria-hidden="true">
				<span class="number">#</span><span class="time">time</span><span class="text">what happened</span><span class="model">in the model</span>
			</div>
			<div
				key={String(large)} // of another size it is scrolled anew
				class="scroll" ref={box.ref} tabIndex={0} role="listbox" aria-label="Recorded events"
				aria-activedescendant={selected < 0 ? undefined : `event-${selected}`}
			>
				<div style={{ height: px(r.length * height), position: "relative" }}>{rows}</div>
			</div>
		</div>
	);
}

interface RowProps {
	i: number;
	r: Recording;
	e: RecordedEvent | undefined;
	names: string[];
	selected: boolean;
}

function Row({ i, r, e, names, selected }: RowProps) {
	const { preview } = usePicked("preview");
	const store = useStore();
	const parts = r.divergence?.number === i + 1;
	const at = e?.at ?? null;
	const name = ["event", selected ? "selected" : "", parts ? "breaks" : "", i >= r.followed && !parts ? "after" : ""];
	if (e && at !== null && preview !== null && preview <= at && preview > at - e.steps) name.push("preview");
	const choose = (): void => {
		if (at !== null) void store.open(r.path, { at, title: "recording" });
		else if (parts) void store.open(r.path, { title: "recording" });
	};
	return (
		<div
			id={`event-${i}`} role="option" aria-selected={selected} aria-setsize={r.length} aria-posinset={i + 1}
			aria-disabled={at === null && !parts} class={name.join(" ")} style={{ top: px(i * height), height: px(height) }}
			title={e ? `${e.time}\n${visible(e.text)}` : ""} onClick={choose}
		>
			<span class="number">{count(i + 1)}</span>
			<span class="time">{e ? since(r.began, e.time) : ""}</span>
			<span class="text">{e ? <Named text={e.text} names={names} /> : "…"}</span>
			<span class="model">
				{e && e.faults.length > 0 && <span class="tag warn" title={e.faults.map(visible).join("\n")}>+ {faults(e)}</span>}
				{e?.steps === 0 && at !== null ? <span title="It has no effect in the model, or is the start of an actor, which the initial state has.">no step</span>
					: parts ? <b class="bad">✗ {r.divergence!.after ? "other outcome" : "impossible"}</b> : e && inModel(e, r.followed)}
			</span>
		</div>
	);
}

/** faults names what was not recorded and must have happened, such as a crash before a restart. */
function faults(e: RecordedEvent): string {
	return e.faults.length === 1 ? visible(e.faults[0]!.split(" ")[0]!) : `${e.faults.length} faults`;
}

function Changed({ c }: { c: Change }) {
	const sign = c.before === undefined ? "+" : c.after === undefined ? "−" : "~";
	return (
		<li class="code">
			<span class="muted">{sign}</span> {visible(c.path)} <span class="muted">{visible(c.before ?? "")}{sign === "~" ? " →" : ""}</span> {visible(c.after ?? "")}
		</li>
	);
}

/** Parting says what was recorded where the recording leaves the model, and what the model would have done. */
function Parting({ r, d }: { r: Recording; d: Divergence }) {
	const { model } = usePicked("model");
	const store = useStore();
	const names = model?.actors ?? [];
	const show = (path: string, title: string): void => {
		store.enlarge(false); // so that the state is seen
		void store.open(path, { title });
	};
	return (
		<section class="parting scroll" aria-label="Where the recording leaves the model">
			<h3>What happened</h3>
			<p class="code"><Named text={d.text} names={names} /></p>
			<p>{d.after ? "The model can do that, but with another outcome: " : "The model cannot do that here: "}{visible(d.reason)}.</p>
			{d.after && (
				<>
					<h3>
						What it changes in the model{" "}
						<button class="link" onClick={() => show(d.after!, "the model's outcome")}>show the state after it</button>
					</h3>
					<ul class="changes">
						{d.changes.map((c, i) => <Changed key={i} c={c} />)}
					</ul>
					<p class="muted">A recording has a fingerprint of the actor's state only, which does not say what differs.</p>
				</>
			)}
			<h3>
				What was enabled, the nearest first{" "}
				<button class="link" onClick={() => show(r.path, "recording")}>show the state before it</button>
			</h3>
			{d.enabled.length === 0 && <p class="muted">{r.cut ? `Not known, as ${visible(r.cut)}.` : "Nothing."}</p>}
			<ul>
				{d.enabled.length === 0 && d.expected.map((text) => <li key={text} class="code"><Named text={text} names={names} /></li>)}
				{d.enabled.map((n) => (
					<li key={n.path}>
						<button class="link code" onClick={() => show(n.path, "instead of the recording")}><Named text={n.text} names={names} /></button>
						{n.expected && <span class="tag on">of {visible(d.actor)}</span>}
					</li>
				))}
			</ul>
		</section>
	);
}
