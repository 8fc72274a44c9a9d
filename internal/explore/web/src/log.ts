// Lines of a log. Pure functions.
import type { Log } from "./api.ts";

export type Line = Log["lines"][number];

/** matching returns the lines with a text, in themselves or in the name of their actor. */
export function matching(lines: Line[], names: string[], text: string): Line[] {
	const wanted = text.trim().toLowerCase();
	if (wanted === "") return lines;
	return lines.filter((l) => l.text.toLowerCase().includes(wanted) || (names[l.actor] ?? "").toLowerCase().includes(wanted));
}

/** row returns the place of the last line of a step or of a step before it; -1 if there is none. */
export function row(lines: Line[], step: number): number {
	let [low, high] = [0, lines.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (lines[middle]!.step <= step) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/** joined returns the log of a path: of the lines of a path before it those of the steps that both share, and the new ones. */
export function joined(was: Line[], shared: number, more: Line[]): Line[] {
	return [...was.slice(0, row(was, shared) + 1), ...more];
}
