// Which parts of a state the verdict of a property depends on, where the tree shows them. Pure functions.
import type { Finding } from "./api.ts";
import { named } from "./follow.ts";

/** Marks say what was found of the parts of a state. */
export interface Marks {
	of: Map<string, Finding>; // by path; what decides goes before what was read
	around: Set<string>; // paths of the parts that have such parts inside
}

export const noMarks: Marks = { of: new Map(), around: new Set() };

/** ranks order the kinds of findings: a part has one mark. */
const ranks: Finding["kind"][] = ["decides", "together", "fails", "read"];

/** marksOf returns the marks of what was found. */
export function marksOf(parts: Finding[]): Marks {
	const of = new Map<string, Finding>();
	const around = new Set<string>();
	for (const p of [...parts].sort((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind))) {
		if (!of.has(p.path)) of.set(p.path, p);
		if (p.kind !== "read") for (const a of wholes(p.path)) around.add(a);
	}
	return { of, around };
}

/** wholes lists the paths of the parts that a part is inside of. */
export function wholes(path: string): string[] {
	const out: string[] = [];
	const token = /\.?[\p{L}_][\p{L}\p{N}_]*|\["(?:[^"\\]|\\.)*"\]|\[\d+\]/uy;
	while (token.lastIndex < path.length && token.test(path)) out.push(path.slice(0, token.lastIndex));
	return out.slice(0, -1);
}

/** deciding lists the parts that the verdict depends on, in the order of the state. */
export function deciding(parts: Finding[]): Finding[] {
	return parts.filter((p) => p.kind !== "read");
}

/** brief names a part where there is little room: an actor's by the actor. */
export function short(p: Finding): string {
	return named(p.path) || "state";
}

/** read lists the actors, histories and observers that the property has read. */
export function read(parts: Finding[]): string[] {
	return parts.filter((p) => p.kind === "read").map((p) => (p.path === "inFlight" ? "messages" : unquoted(named(p.path))));
}

/** unquoted writes state["s-1"] as s-1. */
function unquoted(path: string): string {
	const key = /^\[("(?:[^"\\]|\\.)*")\]$/u.exec(path);
	return key ? (JSON.parse(key[1]!) as string) : path;
}

/** meaning says what a finding means. */
export function meaning(p: Finding, property: string, holds: boolean): string {
	const other = holds ? "would not hold" : "would hold";
	switch (p.kind) {
		case "decides":
			return `A change of this alone changes the verdict: with ${p.with || "nothing"}, “${property}” ${other}.`;
		case "together":
			return `No part decides alone. With ${p.with || "nothing"} here, and the other parts marked ◈ changed, too, “${property}” ${other}.`;
		case "fails":
			return `“${property}” panics if this alone is another value.`;
		case "read":
			return `“${property}” has read this.`;
	}
}
