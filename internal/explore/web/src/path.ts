// Paths in their short form, such as "0:3.1.4", and for a lasso "0:3.1.4@1". Pure functions. Where the steps
// of the latest paths end is remembered, so that a path of 100,000 steps is read once.

/** Known is where a path's first steps end: ends[n] is the length of the text of the first n. */
interface Known {
	bare: string;
	ends: number[];
}

/** maxKnown bounds the paths that are remembered. */
const maxKnown = 12;

const known = new Map<string, Known>();

function read(path: string): Known {
	const was = known.get(path);
	if (was) return was;
	const now = measured(bare(path));
	known.set(path, now);
	if (known.size > maxKnown) known.delete(known.keys().next().value!);
	return now;
}

function measured(text: string): Known {
	const start = text.indexOf(":") + 1;
	const ends = [start === 0 ? text.length : start];
	if (start === 0 || start === text.length) return { bare: text, ends };
	for (let i = text.indexOf(".", start); i >= 0; i = text.indexOf(".", i + 1)) ends.push(i);
	ends.push(text.length);
	return { bare: text, ends };
}

/** steps returns the number of steps of a path. */
export function steps(path: string): number {
	return read(path).ends.length - 1;
}

/** bare returns a lasso as a path. */
export function bare(path: string): string {
	const at = path.lastIndexOf("@");
	return at < 0 ? path : path.slice(0, at);
}

/** prefix returns the first n steps of a path. */
export function prefix(path: string, n: number): string {
	const k = read(path);
	return k.bare.slice(0, k.ends[Math.max(0, Math.min(n, k.ends.length - 1))]);
}

/** startsWith reports whether a path begins with all steps of another. */
export function startsWith(path: string, other: string): boolean {
	const [whole, begin] = [bare(path), bare(other)];
	if (!whole.startsWith(begin)) return false;
	return whole.length === begin.length || begin.endsWith(":") || whole[begin.length] === ".";
}

/** after returns a path with further steps, such as "4.!1"; without a path, they are the whole one. */
export function after(path: string, steps: string): string {
	const base = bare(path);
	return steps === "" || base === "" || base.endsWith(":") ? base + steps : `${base}.${steps}`;
}

/** common returns the number of steps that two paths share at their beginning; -1 if not even the initial state. */
export function common(a: string, b: string): number {
	const [x, y] = [read(a), read(b)];
	let same = 0;
	while (same < x.bare.length && same < y.bare.length && x.bare[same] === y.bare[same]) same++;
	let n = -1;
	while (n + 1 < x.ends.length && n + 1 < y.ends.length && x.ends[n + 1] === y.ends[n + 1] && x.ends[n + 1]! <= same) n++;
	return n;
}

/** Link is what an address of the page says. */
export interface Link {
	path: string;
	at: number;
	tab: string;
	types: string;
	other: string; // path that is compared
	lanes: string; // lifelines that are drawn, from left to right, such as "2.0"; empty for all in their order
	pins: string[]; // parts that are followed
	base: string; // what the state is compared with: a path, the number of a step, or a word; empty for the state before
	marks: number[]; // steps with a bookmark
	large: boolean; // the drawing takes the place of the state, too
}

/** nothing is the link to a path as it is when it is opened first. */
export const nothing: Omit<Link, "path" | "at"> = {
	tab: "", types: "", other: "", lanes: "", pins: [], base: "", marks: [], large: false,
};

/** parseLink reads an address such as /t/0:3.1.4?at=2&tab=graph&m=8c1f. */
export function parseLink(pathname: string, search: string): Link {
	const path = pathname.startsWith("/t/") ? decoded(pathname.slice(3)) : "";
	const q = new URLSearchParams(search);
	const at = Number(q.get("at") ?? "NaN");
	return {
		path,
		at: Number.isInteger(at) && at >= 0 ? Math.min(at, steps(path)) : steps(path),
		tab: q.get("tab") ?? "",
		types: q.get("m") ?? "",
		other: q.get("cmp") ?? "",
		lanes: q.get("lanes") ?? "",
		pins: q.getAll("pin"),
		base: q.get("base") ?? "",
		marks: numbers(q.get("marks") ?? ""),
		large: q.has("large"),
	};
}

/** numbers reads numbers such as "2.0"; what is none is left out. */
export function numbers(text: string): number[] {
	return text.split(".").filter((x) => /^\d{1,9}$/.test(x)).map(Number);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // the server says what is wrong with it
	}
}

/** formatLink is the inverse of parseLink. */
export function formatLink(l: Link): string {
	const q = new URLSearchParams();
	if (l.at !== steps(l.path)) q.set("at", String(l.at));
	if (l.tab) q.set("tab", l.tab);
	if (l.other) q.set("cmp", l.other);
	if (l.lanes) q.set("lanes", l.lanes);
	for (const pin of l.pins) q.append("pin", pin);
	if (l.base) q.set("base", l.base);
	if (l.marks.length > 0) q.set("marks", l.marks.join("."));
	if (l.large) q.set("large", "");
	if (l.types) q.set("m", l.types);
	const text = q.toString();
	return `/t/${l.path}${text ? "?" + text : ""}`;
}
