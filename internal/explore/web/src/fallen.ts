// Which verdicts fell between two reports of a search. Pure functions.
import type { Status } from "./api.ts";

/** Fallen is a verdict that is new. */
export interface Fallen {
	text: string;
	bad: boolean;
	property?: string; // whose verdict it is
}

/** fallen compares two reports. What was decided before the page was opened, or in an earlier search, is no news. */
export function fallen(before: Status | undefined, now: Status): Fallen[] {
	if (!before) return [];
	const was = new Map(before.properties.map((p) => [p.name, p.verdict]));
	const out: Fallen[] = [];
	for (const p of now.properties) {
		if (p.verdict === was.get(p.name) || p.verdict === "inconclusive") continue;
		if (p.verdict !== "violated" && !p.path) continue; // that all hold is said at the end
		const text = p.verdict === "violated" ? `${p.kind} ${p.name}: violated` : `${p.kind} ${p.name}: reached`;
		out.push({ text, bad: p.verdict === "violated", property: p.name });
	}
	if (before.state !== "ended" && now.state === "ended" && now.complete && now.verdict === "holds") {
		out.push({ text: "All states searched: every property holds.", bad: false });
	}
	return out;
}
