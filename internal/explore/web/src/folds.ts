// Ranges of steps of one actor, folded into one row. Pure functions.
import type { Row } from "./api.ts";

/** Item is a row of the list of steps: a step, or a range of steps of one actor. */
export interface Item {
	from: number;
	to: number;
	actor: number; // of a range
}

/** shortest is the least number of steps that are folded. */
const shortest = 3;

/** fold returns the rows of a list of steps; a step to keep is a row of its own, and a range that begins with an open step is not folded. */
export function fold(rows: (Row | undefined)[], length: number, keep: Set<number>, open: Set<number>): Item[] {
	const out: Item[] = [{ from: 0, to: 0, actor: -1 }];
	for (let i = 1; i <= length;) {
		const actor = keep.has(i) ? -1 : owner(rows[i - 1]);
		let to = i;
		while (actor >= 0 && to < length && !keep.has(to + 1) && owner(rows[to]) === actor) to++;
		if (to - i + 1 >= shortest && !open.has(i)) out.push({ from: i, to, actor });
		else for (let k = i; k <= to; k++) out.push({ from: k, to: k, actor: -1 });
		i = to + 1;
	}
	return out;
}

/** owner returns the actor whose event a step is; -1 for none. */
function owner(row: Row | undefined): number {
	return row && (row.kind === "deliver" || row.kind === "note") ? row.at : -1;
}

/** indexOf returns the row in which a step is. */
export function indexOf(items: Item[], step: number): number {
	let [low, high] = [0, items.length - 1];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (items[middle]!.from <= step) low = middle;
		else high = middle - 1;
	}
	return low;
}
