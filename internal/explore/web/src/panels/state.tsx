import { useMemo, useState } from "preact/hooks";
import { useSnapshot, useStore } from "../hooks.ts";
import { compare, inline, type Node } from "../tree.ts";
import type { Json } from "../api.ts";

const words: Record<string, string> = { A: "added", M: "modified", D: "deleted" };

/** shown is how many parts of a list or object are drawn before the rest is folded. */
const shown = 200;

export function StatePanel() {
	const { state, before, base, at } = useSnapshot();
	const store = useStore();
	const [filter, setFilter] = useState("");
	const [onlyChanges, setOnly] = useState(false);
	const root = useMemo(
		() => (state ? compare(base.kind === "none" ? undefined : before?.tree, state.tree) : undefined),
		[state, before, base],
	);
	return (
		<section class="panel state" aria-label="State">
			<h2>
				State
				<span class="muted">
					{base.kind === "pinned" ? `compared with pinned step ${base.at}`
						: base.kind === "none" ? "not compared"
						: at === 0 ? "initial" : `changes of step ${at}`}
				</span>
				<span class="spring" />
				<label class="check">
					<input type="checkbox" checked={onlyChanges} onChange={(e) => setOnly(e.currentTarget.checked)} /> changes only
				</label>
				<button
					class="quiet"
					aria-pressed={base.kind === "pinned"}
					title="Compare with this state from now on (p)"
					onClick={() =>
						store.compareWith(base.kind === "pinned" ? { kind: "previous" } : { kind: "pinned", path: store.get().path, at })}
				>
					{base.kind === "pinned" ? "Unpin" : "Pin"}
				</button>
				<input
					type="search"
					class="filter"
					placeholder="filter"
					aria-label="Filter parts of the state"
					value={filter}
					onInput={(e) => setFilter(e.currentTarget.value)}
				/>
			</h2>
			<div class="scroll tree" role="tree" aria-label="State" tabIndex={0}>
				{root && root.kind === "value" && <Leaf node={root} />}
				{root && root.kind !== "value" && (
					<Children node={root} filter={filter.toLowerCase()} only={onlyChanges} depth={0} tree={state?.tree ?? null} />
				)}
				{root && onlyChanges && root.changes === 0 && <p class="muted">nothing differs</p>}
			</div>
		</section>
	);
}

interface Shown {
	filter: string;
	only: boolean;
	depth: number;
}

function Children({ node, filter, only, depth, tree }: { node: Node; tree: Json } & Shown) {
	const [all, setAll] = useState(false);
	const visible = node.children.filter((c) => (!only || c.changes > 0) && (filter === "" || matches(c, filter)));
	const cut = all ? visible : visible.slice(0, shown);
	return (
		<>
			{cut.map((c, i) => <Part key={`${c.key}${c.mark}${i}`} node={c} filter={filter} only={only} depth={depth} tree={sub(tree, c)} />)}
			{cut.length < visible.length && (
				<button class="link" onClick={() => setAll(true)}>… {visible.length - cut.length} more</button>
			)}
		</>
	);
}

function sub(tree: Json, node: Node): Json {
	if (tree === null || typeof tree !== "object" || node.mark === "D") return null;
	return (Array.isArray(tree) ? tree[Number(node.key)] : tree[node.key]) ?? null;
}

function matches(n: Node, filter: string): boolean {
	return n.path.toLowerCase().includes(filter) || (n.value ?? "").toLowerCase().includes(filter) ||
		n.children.some((c) => matches(c, filter));
}

/** maxInline is how long a part may be that is shown on one line when it is closed. */
const maxInline = 160;

function Part({ node, filter, only, depth, tree }: { node: Node; tree: Json } & Shown) {
	const [chosen, choose] = useState<boolean | undefined>(undefined);
	if (node.kind === "value") return <Leaf node={node} />;
	const open = chosen ?? (filter !== "" || depth === 0 || node.mark === "inside" || (node.size > 0 && node.mark === "" && depth < 1));
	const text = inline(tree);
	return (
		<div class={`part mark-${node.mark || "none"}`} role="treeitem" aria-expanded={open}>
			<div class="row" title={node.path}>
				<Letter node={node} />
				<button class="fold" aria-label={open ? "Fold" : "Unfold"} onClick={() => choose(!open)}>{open ? "▾" : "▸"}</button>
				<span class="key">{node.key}</span>
				{!open && <span class="value">{text.length > maxInline ? text.slice(0, maxInline) + "…" : text}</span>}
				{open && node.size === 0 && node.children.length === 0 && <span class="muted">empty</span>}
			</div>
			{open && (
				<div class="children" role="group">
					<Children node={node} filter={filter} only={only} depth={depth + 1} tree={tree} />
				</div>
			)}
		</div>
	);
}

function Leaf({ node }: { node: Node }) {
	return (
		<div class={`part leaf mark-${node.mark || "none"}`} role="treeitem">
			<div class="row" title={node.path}>
				<Letter node={node} />
				<span class="fold" />
				<span class="key">{node.key}</span>
				{node.was !== undefined && <del>{node.was}</del>}
				{node.was !== undefined && <span class="arrow" aria-label="to">→</span>}
				{node.mark === "D" ? <del>{node.value}</del> : <span class="value">{node.value}</span>}
			</div>
		</div>
	);
}

function Letter({ node }: { node: Node }) {
	const word = words[node.mark];
	return <span class="letter" aria-label={word} title={word}>{word ? node.mark : ""}</span>;
}
