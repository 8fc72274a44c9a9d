// Parts of the state, followed over all steps. Pure functions.
import type { Step } from "./api.ts";

/** Span is a value that a part has over some states. */
export interface Span {
	from: number; // first state
	to: number; // last state
	value: string | null; // null if it is not known
}

/** named turns the path of a part, as questions name it, into the form that differences between states use. */
export function named(part: string): string {
	const actor = /^actors(?:\.([\p{L}_][\p{L}\p{N}_]*)|\[("(?:[^"\\]|\\.)*")\])/u.exec(part);
	if (actor) return (actor[1] ?? (JSON.parse(actor[2]!) as string)) + part.slice(actor[0].length);
	return part.replace(/^state(?=\[)/, "").replace(/^observed\./, "");
}

/** touches reports whether a difference is one of a part, of something inside it, or of something around it. */
export function touches(change: string, part: string): boolean {
	return change === part || within(change, part) || within(part, change);
}

function within(inner: string, outer: string): boolean {
	return inner.startsWith(outer) && (inner[outer.length] === "." || inner[outer.length] === "[");
}

/** changed lists the numbers of the states in which a part differs from the state before; unknown steps count as none. */
export function changed(steps: (Step | undefined)[], part: string): number[] {
	const name = named(part);
	const out: number[] = [];
	steps.forEach((s, i) => {
		if (s?.changes.some((c) => touches(c.path, name))) out.push(i + 1);
	});
	return out;
}

/** spans returns the values of a part over the states 0 to length; now is its value in the state at. */
export function spans(steps: (Step | undefined)[], length: number, part: string, at: number, now: string | null): Span[] {
	const name = named(part);
	const out: Span[] = [{ from: 0, to: 0, value: null }];
	for (const state of changed(steps, part)) {
		const c = steps[state - 1]!.changes.find((x) => x.path === name);
		const last = out.at(-1)!;
		last.to = state - 1;
		if (c && last.value === null) last.value = c.before ?? "absent";
		out.push({ from: state, to: state, value: c ? (c.after ?? "absent") : null });
	}
	out.at(-1)!.to = length;
	for (const s of out) if (s.value === null && s.from <= at && at <= s.to) s.value = now;
	return out;
}
