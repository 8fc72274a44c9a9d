import { useEffect, useMemo, useState } from "preact/hooks";
import { px } from "../format.ts";
import { useBox, usePicked, useReveal, useStore } from "../hooks.ts";
import { lines, type Line, type View } from "../lines.ts";
import { marksOf, noMarks, wholes } from "../reads.ts";
import { visible } from "../text.ts";
import { compare, line, type Node } from "../tree.ts";
import { Follow } from "./follow.tsx";
import { Depends, Mark } from "./reads.tsx";

const words: Record<string, string> = { A: "added", M: "modified", D: "deleted" };

/** height is that of a line. */
const height = 21;

/** StatePanel shows the selected state as a tree, compared with another one. */
export function StatePanel() {
	const { state, before, base, peek, pins, reads, jump } = usePicked("state", "before", "base", "peek", "pins", "reads", "jump");
	const [open, setOpen] = useState<ReadonlyMap<string, boolean>>(new Map());
	const [all, setAll] = useState<boolean | null>(null);
	const [filter, setFilter] = useState("");
	const [only, setOnly] = useState(false);
	const [active, setActive] = useState("");
	const root = useMemo(() => {
		if (peek) return compare(peek.before?.tree, peek.state.tree);
		return state ? compare(base.kind === "none" ? undefined : before?.tree, state.tree) : undefined;
	}, [state, before, base, peek]);
	const depends = reads !== undefined && reads.path === state?.path && !peek;
	const marks = useMemo(() => (depends ? marksOf(reads.parts) : noMarks), [depends, reads]);
	const view: View = { open: open as Map<string, boolean>, all, filter: filter.toLowerCase(), only, marks };
	const list = useMemo(() => (root ? lines(root, view) : []), [root, open, all, filter, only, marks]);
	useEffect(() => {
		if (jump.times === 0) return;
		setFilter("");
		setOpen(new Map([...open, ...wholes(jump.part).map((p) => [p, true] as const)]));
		setActive(jump.part);
	}, [jump]);
	const fold = (id: string, on: boolean): void => setOpen(new Map(open).set(id, on));
	const foldAll = (on: boolean): void => {
		setAll(on);
		setOpen(new Map());
	};
	return (
		<section class={`panel state ${peek ? "peeking" : ""}`} aria-label="State">
			<h2>
				State <Against />
				<span class="spring" />
				<button class="quiet" title="Unfold everything" aria-label="Unfold everything" onClick={() => foldAll(true)}>⊞</button>
				<button class="quiet" title="Fold everything" aria-label="Fold everything" onClick={() => foldAll(false)}>⊟</button>
				<label class="check">
					<input type="checkbox" checked={only} onChange={(e) => setOnly(e.currentTarget.checked)} /> changes
				</label>
				<input
					type="search"
					class="filter"
					placeholder="filter"
					aria-label="Filter parts of the state"
					value={filter}
					onInput={(e) => setFilter(e.currentTarget.value)}
				/>
			</h2>
			{pins.length > 0 && <Follow />}
			{depends && <Depends />}
			<Tree list={list} marked={depends} active={active} onActive={setActive} onFold={fold} empty={only && root?.changes === 0} />
			<Detail line={list.find((l) => l.id === active)} />
		</section>
	);
}

/** Against says, and chooses, what the state is compared with. */
function Against() {
	const { base, at, peek, other } = usePicked("base", "at", "peek", "other", "path");
	const store = useStore();
	if (peek) return <span class="tag on">preview: {visible(peek.title)}</span>;
	return (
		<select
			class="against"
			aria-label="Compare with"
			title="Compare with (d, p)"
			value={base.kind}
			onChange={(e) => {
				const kind = e.currentTarget.value as typeof base.kind;
				store.compareWith(kind === "pinned" ? { kind, path: store.get().path, at } : { kind });
			}}
		>
			<option value="previous">{at === 0 ? "initial state" : `changes of step ${at}`}</option>
			<option value="pinned">{base.kind === "pinned" ? `compared with step ${base.at}` : "from this state on"}</option>
			{other && <option value="other">against {other.title}</option>}
			<option value="none">as it is</option>
		</select>
	);
}

interface TreeProps {
	list: Line[];
	marked: boolean; // the verdict depends on parts of it
	active: string;
	onActive: (id: string) => void;
	onFold: (id: string, on: boolean) => void;
	empty: boolean | undefined;
}

function Tree({ list, marked, active, onActive, onFold, empty }: TreeProps) {
	const box = useBox();
	const { pins } = usePicked("pins");
	const store = useStore();
	const now = list.findIndex((l) => l.id === active);
	useReveal(box, Math.max(0, now) * height, height, 0);
	const first = Math.max(0, Math.floor(box.top / height) - 6);
	const last = Math.min(list.length, Math.ceil((box.top + box.height) / height) + 6);
	const move = (i: number): void => onActive(list[Math.max(0, Math.min(i, list.length - 1))]?.id ?? "");
	const key = (e: KeyboardEvent): void => {
		const l = list[now];
		const act: Record<string, () => void> = {
			ArrowDown: () => move(now + 1),
			ArrowUp: () => move(now - 1),
			Home: () => move(0),
			End: () => move(list.length - 1),
			ArrowRight: () => (l?.open === false ? onFold(l.id, true) : move(now + 1)),
			ArrowLeft: () => (l?.open ? onFold(l.id, false) : move(parent(list, now))),
			Enter: () => l?.open !== undefined && onFold(l.id, !l.open),
			f: () => l && !l.same && store.pin(l.node.path),
			y: () => l && void navigator.clipboard?.writeText(l.node.path),
		};
		const run = act[e.key];
		if (!run || e.ctrlKey || e.metaKey || e.altKey) return;
		e.preventDefault();
		e.stopPropagation();
		run();
	};
	return (
		<div
			class="scroll tree" role="tree" aria-label="State" tabIndex={0} ref={box.ref} onKeyDown={key}
			aria-activedescendant={now >= 0 ? `line-${now}` : undefined}
		>
			{empty && <p class="muted pad">Nothing differs.</p>}
			<div style={{ height: px(list.length * height), position: "relative" }}>
				{list.slice(first, last).map((l, i) => (
					<Row
						key={l.id} line={l} index={first + i} marked={marked} active={l.id === active} followed={pins.includes(l.node.path) && !l.same}
						onClick={() => {
							onActive(l.id);
							if (l.open !== undefined) onFold(l.id, !l.open);
						}}
					/>
				))}
			</div>
		</div>
	);
}

/** parent returns the number of the line that a line is inside of. */
function parent(list: Line[], i: number): number {
	const depth = list[i]?.depth ?? 0;
	for (let k = i - 1; k >= 0; k--) if (list[k]!.depth < depth) return k;
	return i;
}

interface RowProps {
	line: Line;
	index: number;
	marked: boolean;
	active: boolean;
	followed: boolean;
	onClick: () => void;
}

function Row({ line: l, index, marked, active, followed, onClick }: RowProps) {
	const n = l.node;
	const mark = l.same ? "" : n.mark;
	return (
		<div
			id={`line-${index}`}
			class={`row mark-${mark || "none"} ${active ? "active" : ""} ${l.open === undefined ? "leaf" : ""}`}
			role="treeitem" aria-level={l.depth + 1} aria-setsize={l.of} aria-posinset={l.at} aria-expanded={l.open} aria-selected={active}
			style={{ top: px(index * height), height: px(height), paddingLeft: px(l.depth * 15) }}
			onClick={onClick}
		>
			<span class="letter" aria-label={words[mark]} title={words[mark]}>{words[mark] ? mark : ""}</span>
			<span class="fold" aria-hidden="true">{l.open === undefined ? "" : l.open ? "▾" : "▸"}</span>
			{l.same ? <Same nodes={l.same} /> : <Content node={n} open={l.open} />}
			{marked && !l.same && mark !== "D" && <Mark path={n.path} />}
			{followed && <span class="tag on">followed</span>}
		</div>
	);
}

function Same({ nodes }: { nodes: Node[] }) {
	const names = nodes.filter((n) => !/^\d+$/.test(n.key)).slice(0, 8).map((n) => visible(n.key));
	return <span class="same">{nodes.length} unchanged{names.length > 0 ? ": " + names.join(", ") : ""}{names.length === 8 ? ", …" : ""}</span>;
}

function Content({ node: n, open }: { node: Node; open: boolean | undefined }) {
	if (n.kind === "message" || n.kind === "event") {
		return n.mark === "D" ? <del class="text">{visible(n.value!)}</del> : <span class="text">{visible(n.value!)}</span>;
	}
	return (
		<>
			<span class="key"><bdi>{visible(n.key)}</bdi></span>
			{n.was !== undefined && <><del>{n.was}</del><span class="arrow" aria-label="to">→</span></>}
			{open !== true && (n.mark === "D" ? <del class="text">{line(n)}</del> : <span class="value">{line(n)}</span>)}
			{open === true && n.kind === "list" && <span class="muted">{n.size}</span>}
		</>
	);
}

/** Detail shows the whole of the active part, and what can be done with it. */
function Detail({ line: l }: { line: Line | undefined }) {
	const { pins } = usePicked("pins");
	const store = useStore();
	const [copied, setCopied] = useState(false);
	useEffect(() => setCopied(false), [l?.id]);
	if (!l || l.same) return null;
	const n = l.node;
	return (
		<div class="detail">
			<div class="line">
				<code>{visible(n.path)}</code>
				<span class="spring" />
				<button
					class="link"
					title="Copy the path of this part, as questions name it (y)"
					onClick={() => void navigator.clipboard?.writeText(n.path).then(() => setCopied(true))}
				>
					{copied ? "copied" : "copy path"}
				</button>
				<button class="link" title="Show its value over all steps (f)" onClick={() => store.pin(n.path)}>
					{pins.includes(n.path) ? "follow no more" : "follow"}
				</button>
			</div>
			{n.was !== undefined && <div class="long"><del>{n.was}</del></div>}
			<div class="long">{visible(line(n, 4000))}</div>
		</div>
	);
}
