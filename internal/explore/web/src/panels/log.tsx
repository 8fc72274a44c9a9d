import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { colour } from "../actors.ts";
import { get, type Log } from "../api.ts";
import { count, px } from "../format.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import { joined, matching, row, type Line } from "../log.ts";
import * as paths from "../path.ts";
import { visible } from "../text.ts";

/** height is that of a line. */
const height = 24;

/** LogPanel lists what the actors logged on the path, or the notes of its steps; only the lines in view are drawn. */
export function LogPanel() {
	const { at, model, preview } = usePicked("at", "model", "preview");
	const store = useStore();
	const box = useBox();
	const { log, problem } = useLog();
	const [filter, setFilter] = useState("");
	const names = model?.actors ?? [];
	const lines = useMemo(() => matching(log?.lines ?? [], names, filter), [log, names, filter]);
	const now = row(lines, at);
	useReveal(box, Math.max(0, now) * height, height, height);
	if (problem) return <p class="muted pad" role="alert">{visible(problem)}</p>;
	if (!log) return null;
	if (log.lines.length === 0) return <p class="muted pad">Nothing is logged on this path. Actors log by Context.Log; other models note their steps by FormatStep.</p>;
	const first = Math.max(0, Math.floor(box.top / height) - 6);
	const last = Math.min(lines.length, Math.ceil((box.top + box.height) / height) + 6);
	return (
		<div class="logged">
			<div class="bar">
				<input
					type="search" placeholder="filter" aria-label="Filter the log" value={filter}
					onInput={(e) => setFilter(e.currentTarget.value)}
				/>
				<span class="muted" role="status">
					{lines.length < log.lines.length ? `${count(lines.length)} of ` : ""}{count(log.lines.length)} lines{log.cut ? `, ${log.cut}` : ""}
				</span>
			</div>
			<div class="scroll log" ref={box.ref} tabIndex={0} role="region" aria-label="Log" onMouseLeave={() => store.hover(null)}>
				<div role="list" style={{ height: px(lines.length * height), position: "relative" }}>
					{lines.slice(first, last).map((l, i) => (
						<Entry
							key={first + i} l={l} y={(first + i) * height} size={lines.length} place={first + i + 1} name={names[l.actor]}
							selected={l.step === at} preview={l.step === preview} later={l.step > at}
						/>
					))}
				</div>
			</div>
		</div>
	);
}

/** useLog returns the log of the path. When the path grows, only the new steps are asked for. */
function useLog(): { log: Log | null; problem: string } {
	const { path } = usePicked("path");
	const [log, setLog] = useState<Log | null>(null);
	const [problem, setProblem] = useState("");
	const known = useRef<{ path: string; lines: Line[] }>({ path: "", lines: [] });
	useEffect(() => {
		if (path === "") return;
		const abort = new AbortController();
		const was = known.current;
		const shared = was.path === "" ? -1 : paths.common(was.path, path);
		get<Log>("log", { path, from: Math.max(0, shared) }, abort.signal).then(
			(l) => {
				const lines = joined(was.lines, shared, l.lines.filter((x) => x.step > shared));
				known.current = { path: l.cut === undefined ? path : "", lines };
				setLog({ ...l, lines });
				setProblem("");
			},
			(e: unknown) => {
				if (!abort.signal.aborted) setProblem(e instanceof Error ? e.message : String(e));
			},
		);
		return () => abort.abort();
	}, [path]);
	return { log, problem };
}

interface EntryProps {
	l: Line;
	y: number;
	size: number;
	place: number;
	name: string | undefined;
	selected: boolean;
	preview: boolean;
	later: boolean; // than the selected state
}

function Entry({ l, y, size, place, name, selected, preview, later }: EntryProps) {
	const store = useStore();
	const marks = ["entry", selected ? "selected" : "", preview ? "preview" : "", later ? "later" : ""];
	return (
		<div role="listitem" aria-setsize={size} aria-posinset={place} style={{ top: px(y), height: px(height) }} class={marks.join(" ")}>
			<button aria-current={selected} title={visible(l.text)} onClick={() => void store.select(l.step)} onMouseEnter={() => store.hover(l.step)}>
				<span class="number">{l.step}</span>
				{name !== undefined && <span class={`who ${colour(l.actor)}`}><bdi>{visible(name)}</bdi></span>}
				<span class="text">{visible(l.text)}</span>
			</button>
		</div>
	);
}
