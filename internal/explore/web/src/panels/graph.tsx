import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { get, type Graph as Answer } from "../api.ts";
import { plural } from "../format.ts";
import { draw, from, grow, walk, type Graph, type GraphNode } from "../graph.ts";
import { useBox, usePicked } from "../hooks.ts";
import * as paths from "../path.ts";
import { visible } from "../text.ts";
import { Canvas } from "./canvas.tsx";

/** Options are what is asked of the server, and how it is drawn. */
interface Options {
	whole: boolean;
	nodes: number;
	depth: number;
	choice: string; // "", an actor, or "=" for an expression
	field: string; // of the actor; empty for all of it
	group: string; // the expression
	collapse: boolean;
}

const first: Options = { whole: true, nodes: 300, depth: 0, choice: "", field: "", group: "", collapse: false };

/** GraphPanel draws the state graph: all of a small model, or what follows from the selected state. */
export function GraphPanel() {
	const { path, at, model, steps, found } = usePicked("path", "at", "model", "steps", "found");
	const [o, setOptions] = useState(first);
	const [graph, setGraph] = useState<Graph | null>(null);
	const [problem, setProblem] = useState("");
	const here = o.whole ? "" : paths.prefix(path, at);
	useEffect(() => {
		const abort = new AbortController();
		get<Answer>("graph", { path: here, nodes: o.nodes, depth: o.depth || undefined, group: o.group }, abort.signal).then(
			(g) => {
				setGraph(from(here, g));
				setProblem("");
			},
			(e: unknown) => {
				if (!abort.signal.aborted) setProblem(e instanceof Error ? e.message : String(e));
			},
		);
		return () => abort.abort();
	}, [here, o.nodes, o.depth, o.group, model]);
	const box = useBox();
	const aspect = Math.round((4 * box.width) / Math.max(1, box.height)) / 4;
	const drawn = useMemo(
		() => (graph && box.width > 0 ? draw(graph, o.collapse && o.group !== "", aspect) : null),
		[graph, o.collapse, o.group, aspect],
	);
	const trace = useMemo(() => (graph ? walk(graph, steps.steps, steps.initial) : []), [graph, steps]);
	const results = useMemo(() => new Set(found?.paths), [found]);
	const expand = (n: GraphNode): void => {
		if (!graph) return;
		const query = { path: n.path, nodes: 60, depth: 1, group: o.group };
		get<Answer>("graph", query).then((more) => setGraph(grow(graph, n, from(n.path, more))), (e: unknown) => setProblem(String(e)));
	};
	return (
		<div class="graph">
			<Bar o={o} set={setOptions}>
				{problem ? <span class="bad" role="alert">{visible(problem)}</span>
					: graph ? `${plural(graph.nodes.length, "state")}${drawn && drawn.spots.length < graph.nodes.length ? ` in ${drawn.spots.length}` : ""}${graph.cut ? `, ${graph.cut}` : ", all of them"}${graph.outside ? ", outside of the model" : ""}`
					: "…"}
			</Bar>
			<div class="place" ref={box.ref}>
				{drawn && <Canvas drawn={drawn} trace={trace} results={results} onExpand={expand} />}
			</div>
		</div>
	);
}

interface BarProps {
	o: Options;
	set: (o: Options) => void;
	children: ComponentChildren;
}

function Bar({ o, set, children }: BarProps) {
	const { model } = usePicked("model");
	const actor = model?.actors.includes(o.choice) === true;
	const choose = (choice: string): void => {
		const of = model?.actors.includes(choice);
		set({ ...o, choice, field: "", group: of ? `actors[${JSON.stringify(choice)}]` : "", collapse: of === true });
	};
	return (
		<div class="bar">
			<select aria-label="Where the graph begins" value={o.whole ? "all" : "here"} onChange={(e) => set({ ...o, whole: e.currentTarget.value === "all" })}>
				<option value="all">from the start</option>
				<option value="here">from the selected state</option>
			</select>
			<select aria-label="Most states" value={String(o.nodes)} onChange={(e) => set({ ...o, nodes: Number(e.currentTarget.value) })}>
				{[50, 100, 300, 1000, 2000].map((n) => <option key={n} value={String(n)}>{n} states</option>)}
			</select>
			<label>
				steps{" "}
				<input
					type="number" min="0" max="99" value={o.depth || ""} placeholder="all"
					onChange={(e) => set({ ...o, depth: Number(e.currentTarget.value) })}
				/>
			</label>
			<label>
				group by{" "}
				<select value={o.choice} onChange={(e) => choose(e.currentTarget.value)}>
					<option value="">nothing</option>
					{model?.actors.slice(0, 300).map((a) => <option key={a} value={a}>{visible(a)}</option>)}
					<option value="=">an expression…</option>
				</select>
			</label>
			{actor && <Fields o={o} set={set} />}
			{o.choice === "=" && (
				<input
					type="text" placeholder='count(actors, Role == "leader")' value={o.group} aria-label="Expression to group by"
					onChange={(e) => set({ ...o, group: e.currentTarget.value })}
				/>
			)}
			{o.group !== "" && (
				<label class="check">
					<input type="checkbox" checked={o.collapse} onChange={(e) => set({ ...o, collapse: e.currentTarget.checked })} /> one node each
				</label>
			)}
			<span class="muted" role="status">{children}</span>
		</div>
	);
}

/** Fields chooses a field of the actor to group by. */
function Fields({ o, set }: { o: Options; set: (o: Options) => void }) {
	const { state } = usePicked("state");
	const tree = state?.tree;
	const actors = tree && typeof tree === "object" && !Array.isArray(tree) ? tree["actors"] : undefined;
	const own = actors && typeof actors === "object" && !Array.isArray(actors) ? actors[o.choice] : undefined;
	const names = own && typeof own === "object" && !Array.isArray(own) ? Object.keys(own) : [];
	const plain = names.filter((n) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(n));
	const base = `actors[${JSON.stringify(o.choice)}]`;
	return (
		<select
			aria-label="Field to group by" value={o.field}
			onChange={(e) => set({ ...o, field: e.currentTarget.value, group: e.currentTarget.value ? `${base}.${e.currentTarget.value}` : base })}
		>
			<option value="">all of it</option>
			{plain.map((n) => <option key={n} value={n}>{n}</option>)}
		</select>
	);
}
