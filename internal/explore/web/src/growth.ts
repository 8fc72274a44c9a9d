// What makes a state space large, by unit: an actor, an inbox, a field. Pure functions.
import type { Growth } from "./api.ts";

export type GrowthPart = Growth["parts"][number];

/** Unit is what a state is put together from: an actor, an inbox, a history, or a field of a state without actors. */
export interface Unit {
	name: string;
	kind: "actor" | "inbox" | "messages" | "field";
	actor: number; // its number, or that of the actor whose inbox it is; -1 without one
	whole?: GrowthPart; // the unit as one value, where that is known
	fields: Field[];
	size: number; // logarithm to base 10 of the values that it takes, or at most takes
}

export interface Field {
	name: string; // inside of its unit
	part: GrowthPart;
}

/** inner takes a part apart: what it is the length of, if it is one, or itself. */
function inner(path: string): { path: string; length: boolean } {
	const m = /^len\((.*)\)$/s.exec(path);
	return m ? { path: m[1]!, length: true } : { path, length: false };
}

/** place says to which unit a part belongs, and what it is inside of it. */
function place(path: string, actors: string[]): { kind: Unit["kind"]; name: string; actor: number; rest: string } {
	const { path: at, length } = inner(path);
	const named = (rest: string): string => (length ? `len(${rest.replace(/^\./, "") || "messages"})` : rest.replace(/^\./, ""));
	const inbox = /^inbox of (.*)$/s.exec(at);
	if (inbox && actors.length > 0) return { kind: "inbox", name: at, actor: actors.indexOf(inbox[1]!), rest: length ? named("") : "" };
	if (at.startsWith("message ") && actors.length > 0) return { kind: "messages", name: "fields of messages", actor: -1, rest: named(at.slice(8)) };
	const stored = at.startsWith("stored by ");
	const own = stored ? at.slice(10) : at;
	const actor = longest(actors, own);
	if (actor >= 0) {
		const rest = own.slice(actors[actor]!.length);
		return { kind: "actor", name: actors[actor]!, actor, rest: named(stored ? `stored${rest}` : rest) };
	}
	const root = /^[^.[]*/.exec(at)![0];
	return { kind: "field", name: root, actor: -1, rest: length ? `len(${at})` : at.slice(root.length).replace(/^\./, "") };
}

/** longest returns the number of the actor with the longest name that a path begins with; -1 without one. */
function longest(actors: string[], path: string): number {
	let best = -1;
	actors.forEach((name, i) => {
		const begins = path === name || path.startsWith(name + ".") || path.startsWith(name + "[");
		if (begins && (best < 0 || name.length > actors[best]!.length)) best = i;
	});
	return best;
}

/** units groups parts, the largest unit first. The fields of messages come last: they are in the inboxes already. */
export function units(parts: GrowthPart[], actors: string[]): Unit[] {
	const all = new Map<string, Unit>();
	for (const part of parts) {
		const at = place(part.path, actors);
		const key = `${at.kind} ${at.name}`;
		const u = all.get(key) ?? { name: at.name, kind: at.kind, actor: at.actor, fields: [], size: 0 };
		all.set(key, u);
		if (at.rest === "") u.whole = part;
		else u.fields.push({ name: at.rest, part });
	}
	for (const u of all.values()) {
		u.fields.sort((a, b) => b.part.values - a.part.values);
		const product = u.fields.reduce((n, f) => n + Math.log10(f.part.values), 0);
		u.size = u.whole ? Math.log10(u.whole.values) : product;
	}
	const last = (u: Unit): number => Number(u.kind === "messages");
	return [...all.values()].sort((a, b) => last(a) - last(b) || b.size - a.size);
}

/** Block is a rectangle of the picture: its place from 0 to 1, and what it stands for. */
export interface Block {
	unit: Unit;
	field?: Field;
	from: number;
	to: number;
	late: number; // share of its values that appear only late, from 0 to 1
}

/** blocks lays out the units side by side, each as wide as the logarithm of its values, and its fields below it in proportion. */
export function blocks(all: Unit[]): Block[] {
	const counted = all.filter((u) => u.kind !== "messages" && u.size > 0);
	const total = counted.reduce((n, u) => n + u.size, 0);
	const out: Block[] = [];
	let x = 0;
	for (const unit of counted) {
		const to = x + unit.size / total;
		out.push({ unit, from: x, to, late: unit.whole ? share(unit.whole) : 0 });
		const sum = unit.fields.reduce((n, f) => n + Math.log10(f.part.values), 0);
		let y = x;
		for (const field of unit.fields) {
			const end = y + ((to - x) * Math.log10(field.part.values)) / sum;
			out.push({ unit, field, from: y, to: end, late: share(field.part) });
			y = end;
		}
		x = to;
	}
	return out;
}

function share(p: GrowthPart): number {
	return p.late / Math.max(1, p.values);
}

/** product is the logarithm to base 10 of the states that there would be if the units varied alone. */
export function product(all: Unit[]): number {
	return all.filter((u) => u.kind !== "messages").reduce((n, u) => n + u.size, 0);
}

/** power writes a number by its logarithm. */
export function power(log: number): string {
	if (log < 6) return Math.round(10 ** log).toLocaleString("en-US");
	const digits = [...String(Math.floor(log))].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");
	return `${(10 ** (log - Math.floor(log))).toFixed(1)} × 10${digits}`;
}

/** followed returns the path of the part of the state that shows a part; elements of lists have that of the list. */
export function followed(path: string, actors: string[]): string {
	const at = place(path, actors);
	const key = (name: string, of: string): string => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? (of ? `${of}.${name}` : name) : `${of || "state"}[${JSON.stringify(name)}]`);
	if (at.kind === "inbox" || at.kind === "messages") return "inFlight";
	const rest = inner(at.rest).path.replace(/\[\*\].*$/s, "");
	if (at.kind === "actor") {
		const stored = /^stored(?=$|[.[])/.test(rest);
		const below = stored ? rest.slice(6) : rest && `.${rest}`;
		return key(at.name, stored ? "stored" : "actors") + below.replace(/^\.(?=\[)/, "");
	}
	if (actors.length > 0) return key(at.name, "observed");
	return inner(path).path.replace(/\[\*\].*$/s, "");
}
