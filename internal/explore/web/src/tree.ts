// Differences between states as trees. Pure functions.
import type { Json } from "./api.ts";
import { events, quoted } from "./text.ts";

/** Mark says what became of a part: added, modified, deleted, a part with such parts inside, or none of it. */
export type Mark = "A" | "M" | "D" | "inside" | "";

/** Node is a part of a state, compared with the same part of another state. */
export interface Node {
	key: string;
	path: string; // the part as questions name it, such as actors.s1.Term
	mark: Mark;
	value?: string; // text of a part without parts
	was?: string; // its text in the other state, where that differs
	kind: "value" | "object" | "list" | "message" | "event";
	size: number; // parts of an object or list
	children: Node[];
	changes: number; // marked parts inside, itself included
}

/** compare returns the tree of after with marks of what differs from before; undefined means that there is no other state. */
export function compare(before: Json | undefined, after: Json, key = "state", path = ""): Node {
	const now = listed(after);
	return build(before === undefined ? now : listed(before), now, key, path);
}

/** listed returns a state whose histories are lists of their events, so that a new event is all that differs. */
function listed(state: Json): Json {
	if (!isParts(state) || Array.isArray(state) || !isParts(state["observed"]) || Array.isArray(state["observed"])) return state;
	const observed: Fields = {};
	for (const [name, v] of Object.entries(state["observed"])) observed[name] = (typeof v === "string" ? events(v) : null) ?? v;
	return { ...state, observed };
}

/** Message is an element of the list of messages in flight. */
interface Message {
	from: string;
	to: string;
	type: string;
	message: Json;
}

function isMessage(v: Json | undefined): v is Fields & Message {
	return isParts(v) && "from" in v && "to" in v && "type" in v && "message" in v;
}

function build(before: Json | undefined, after: Json | undefined, key: string, path: string): Node {
	if (after === undefined) return whole(before as Json, key, path, "D");
	if (before === undefined) return whole(after, key, path, "A");
	if (isMessage(after) && isMessage(before)) return whole(after, key, path, "");
	if (isParts(before) && isParts(after) && Array.isArray(before) === Array.isArray(after)) {
		return parts(before, after, key, path);
	}
	const same = !isParts(before) && !isParts(after) ? before === after : JSON.stringify(before) === JSON.stringify(after);
	const node = whole(after, key, path, "");
	if (same) return node;
	return { ...node, mark: "M", was: brief(before), changes: node.changes + 1 };
}

function parts(before: Parts, after: Parts, key: string, path: string): Node {
	const children: Node[] = [];
	const list = Array.isArray(after);
	for (const [x, y, k] of list ? aligned(before as Json[], after) : keyed(before as Fields, after as Fields)) {
		children.push(build(x, y, k, join(path, k, list)));
	}
	const changes = children.reduce((n, c) => n + c.changes, 0);
	return {
		key, path, mark: changes > 0 ? "inside" : "", kind: list ? "list" : "object",
		size: list ? after.length : Object.keys(after).length, children, changes,
	};
}

/** whole is a part that is marked as one. */
function whole(v: Json, key: string, path: string, mark: Mark): Node {
	const changes = mark === "" ? 0 : 1;
	if (!isParts(v)) {
		const event = typeof v === "string" && path.startsWith("observed.") && key !== path.slice(9);
		return { key, path, mark, value: event ? v : brief(v), kind: event ? "event" : "value", size: 0, children: [], changes };
	}
	if (isMessage(v)) {
		const children = isParts(v.message) && !Array.isArray(v.message)
			? Object.entries(v.message).map(([k, x]) => whole(x, k, join(`${path}.message`, k, false), mark)) : [];
		const value = `${v.from} → ${v.to}  ${v.type}${isParts(v.message) ? inline(v.message) : ` ${brief(v.message)}`}`;
		return { key, path, mark, value, kind: "message", size: children.length, children, changes };
	}
	const list = Array.isArray(v);
	const children = Object.entries(v).map(([k, x]) => whole(x, k, join(path, k, list), mark === "" ? "" : mark));
	return { key, path, mark, kind: list ? "list" : "object", size: children.length, children, changes };
}

type Fields = { [key: string]: Json };
type Parts = Fields | Json[];

function isParts(v: Json | undefined): v is Parts {
	return typeof v === "object" && v !== null;
}

function join(path: string, key: string, list: boolean): string {
	const base = path === "" ? "state" : path;
	if (list) return `${base}[${key}]`;
	if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key)) return `${base}[${JSON.stringify(key)}]`;
	return path === "" ? key : `${path}.${key}`;
}

type Pair = [Json | undefined, Json | undefined, string];

function keyed(before: Fields, after: Fields): Pair[] {
	const out: Pair[] = Object.keys(after).map((k) => [before[k], after[k], k]);
	for (const k of Object.keys(before)) {
		if (!(k in after)) out.push([before[k], undefined, k]);
	}
	return out;
}

/** maxAligned bounds the lists whose elements are matched; longer ones are compared by index. */
const maxAligned = 400;

/**
 * aligned matches the elements of two lists by a longest common subsequence, so that an element
 * that was taken out of the middle, as a delivered message, is the only one that is marked.
 */
function aligned(before: Json[], after: Json[]): Pair[] {
	const x = before.map((v) => JSON.stringify(v));
	const y = after.map((v) => JSON.stringify(v));
	let head = 0;
	while (head < x.length && head < y.length && x[head] === y[head]) head++;
	let tail = 0;
	while (tail < x.length - head && tail < y.length - head && x.at(-1 - tail) === y.at(-1 - tail)) tail++;
	const out: Pair[] = [];
	for (let i = 0; i < head; i++) out.push([before[i], after[i], String(i)]);
	const [bx, by] = [x.slice(head, x.length - tail), y.slice(head, y.length - tail)];
	if (bx.length * by.length > maxAligned * maxAligned) pairByIndex(before, after, head, bx.length, by.length, out);
	else pairBySequence(before, after, head, bx, by, out);
	for (let i = tail; i > 0; i--) out.push([before.at(-i), after.at(-i), String(after.length - i)]);
	return out;
}

function pairByIndex(before: Json[], after: Json[], head: number, n: number, m: number, out: Pair[]): void {
	for (let i = 0; i < Math.max(n, m); i++) {
		out.push([i < n ? before[head + i] : undefined, i < m ? after[head + i] : undefined, String(head + i)]);
	}
}

function pairBySequence(before: Json[], after: Json[], head: number, x: string[], y: string[], out: Pair[]): void {
	const best = lengths(x, y);
	let [i, j] = [0, 0];
	const gone: number[] = [];
	const flush = (until: number): void => {
		// what was replaced in place is modified; the rest is added or deleted
		const paired = !isMessage(before[head]) && !isMessage(after[head]); // messages are never modified
		while (paired && gone.length > 0 && j < until) out.push([before[head + gone.shift()!], after[head + j], String(head + j++)]);
		for (const g of gone.splice(0)) out.push([before[head + g], undefined, String(head + g)]);
		while (j < until) out.push([undefined, after[head + j], String(head + j++)]);
	};
	let to = 0;
	while (i < x.length || to < y.length) {
		if (i < x.length && to < y.length && x[i] === y[to]) {
			flush(to);
			out.push([before[head + i], after[head + to], String(head + to)]);
			i++;
			j = ++to;
		} else if (i < x.length && (to === y.length || best[i + 1]![to]! >= best[i]![to + 1]!)) {
			gone.push(i++);
		} else {
			to++;
		}
	}
	flush(y.length);
}

/** lengths returns the lengths of the longest common subsequences of all suffixes. */
function lengths(x: string[], y: string[]): number[][] {
	const best = Array.from({ length: x.length + 1 }, () => new Array<number>(y.length + 1).fill(0));
	for (let i = x.length - 1; i >= 0; i--) {
		for (let j = y.length - 1; j >= 0; j--) {
			best[i]![j] = x[i] === y[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
		}
	}
	return best;
}

/** brief returns a value on one line. */
export function brief(v: Json): string {
	return typeof v === "string" ? quoted(v) : isParts(v) ? inline(v) : JSON.stringify(v);
}

/** inline returns a small object or list on one line, without the quotes that are not needed. */
export function inline(v: Json): string {
	if (Array.isArray(v)) return `[${v.map(inline).join(" ")}]`;
	if (typeof v === "object" && v !== null) {
		return `{${Object.entries(v).map(([k, x]) => `${k}:${inline(x)}`).join(" ")}}`;
	}
	return brief(v);
}

/** maxLine is how much of a closed part is written on its line. */
const maxLine = 240;

/** line returns a closed part on one line. */
export function line(n: Node, room = maxLine): string {
	if (n.value !== undefined) return n.value;
	let out = n.kind === "list" ? "[" : "{";
	let first = true;
	for (const c of n.children) {
		if (c.mark === "D" && n.mark !== "D") continue;
		if (out.length > room) return `${out} …`;
		out += (first ? "" : " ") + (n.kind === "list" ? "" : `${c.key}:`) + line(c, room - out.length);
		first = false;
	}
	return out + (n.kind === "list" ? "]" : "}");
}
