// The lines of a state tree: what is open, what is folded, and what is left out. Pure functions.
import type { Marks } from "./reads.ts";
import type { Node } from "./tree.ts";

/** Line is one line of a tree. */
export interface Line {
	id: string; // unique among the lines of a tree, and the same for the same part of another state
	node: Node;
	depth: number;
	open?: boolean; // of a part with parts
	same?: Node[]; // unchanged parts that the line stands for
	at: number; // place among its siblings, from 1
	of: number; // siblings
}

/** View is how a tree is looked at. */
export interface View {
	open: Map<string, boolean>; // what was opened or folded by hand
	all: boolean | null; // everything is open, or folded
	filter: string; // in lower case
	only: boolean; // only what differs
	marks: Marks; // parts that the verdict depends on, which are never folded away
}

/** run is how many unchanged parts side by side are one line; fewer beside parts that the verdict depends on. */
const run = 6;
const runBeside = 2;

/** lines lists the lines of a tree that are in view. */
export function lines(root: Node, view: View): Line[] {
	const out: Line[] = [];
	if (root.kind === "value") return [{ id: "state", node: root, depth: 0, at: 1, of: 1 }];
	children(root, 0, view, root.changes > 0, out);
	return out;
}

function children(node: Node, depth: number, view: View, compared: boolean, out: Line[]): void {
	const visible = node.children.filter((c) => (!view.only || c.changes > 0 || marked(c, view.marks)) && (view.filter === "" || matches(c, view.filter)));
	const of = visible.length;
	const beside = view.marks.around.has(node.path);
	for (let i = 0; i < of; i++) {
		const same = compared && view.filter === "" && (node.changes > 0 || beside) ? sameRun(visible, i, view.marks) : [];
		const id = lineId(visible[i]!);
		if (same.length >= (beside ? runBeside : run) && view.all !== true) {
			const open = view.open.get(`${id} same`) ?? false;
			if (!open) {
				out.push({ id: `${id} same`, node, depth, same, open, at: i + 1, of });
				i += same.length - 1;
				continue;
			}
		}
		part(visible[i]!, depth, view, compared, out, i + 1, of);
	}
}

/** marked reports whether the verdict depends on a part, or on one inside it. */
function marked(n: Node, marks: Marks): boolean {
	return marks.around.has(n.path) || (marks.of.has(n.path) && marks.of.get(n.path)!.kind !== "read");
}

/** sameRun returns the unchanged parts from the i-th on, if they begin there. */
function sameRun(all: Node[], i: number, marks: Marks): Node[] {
	const same = (n: Node): boolean => n.changes === 0 && !marked(n, marks);
	if (i > 0 && same(all[i - 1]!)) return [];
	let end = i;
	while (end < all.length && same(all[end]!)) end++;
	return all.slice(i, end);
}

function lineId(n: Node): string {
	return `${n.path}${n.mark === "D" ? " gone" : ""}`;
}

function part(n: Node, depth: number, view: View, compared: boolean, out: Line[], at: number, of: number): void {
	const id = lineId(n);
	if (n.children.length === 0) {
		out.push({ id, node: n, depth, at, of });
		return;
	}
	const usual = n.kind !== "message" && (depth === 0 || n.mark === "inside" || view.filter !== "") || view.marks.around.has(n.path);
	const open = view.open.get(id) ?? view.all ?? usual;
	out.push({ id, node: n, depth, open, at, of });
	if (open) children(n, depth + 1, view, compared, out);
}

/** matches reports whether a part, or something inside it, has a text in its path or value. */
function matches(n: Node, filter: string): boolean {
	return n.path.toLowerCase().includes(filter) || (n.value ?? "").toLowerCase().includes(filter) ||
		n.children.some((c) => matches(c, filter));
}

/** fields lists the paths of all parts of a tree, for completion; lists are entered at their first element only. */
export function fields(n: Node, most = 2000): string[] {
	const out: string[] = [];
	const visit = (x: Node): void => {
		if (out.length >= most) return;
		if (x.path) out.push(x.path);
		if (x.kind === "list") x.children.slice(0, 1).forEach(visit);
		else x.children.forEach(visit);
	};
	visit(n);
	return out;
}
