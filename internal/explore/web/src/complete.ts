// Completion of questions from the parts of the selected state. Pure functions.

/** functions are those of the language. */
const functions = ["count(", "any(", "all(", "len(", "has(", "named(", "after(", "action", "state"];

/** most is how many proposals are made. */
const most = 12;

/** Completion is what may stand in the place of the word before the caret. */
export interface Completion {
	from: number; // where the word begins
	words: string[];
}

/** complete proposes words for the one that ends at the caret, given the paths of all parts of a state. */
export function complete(text: string, caret: number, parts: string[]): Completion {
	const before = text.slice(0, caret);
	if ((before.match(/"/g)?.length ?? 0) % 2 === 1 && !/\["[^"]*$/.test(before)) return { from: caret, words: [] }; // in a string
	const word = /[\p{L}_](?:[\p{L}\p{N}_.]|\["?[^"\]]*"?\]?)*$/u.exec(before)?.[0] ?? "";
	if (word === "") return { from: caret, words: [] };
	const low = word.toLowerCase();
	const all = [...new Set([...parts, ...parts.flatMap(inner), ...functions])];
	const begin = all.filter((p) => p !== word && p.toLowerCase().startsWith(low));
	const inside = all.filter((p) => low.length > 1 && !p.toLowerCase().startsWith(low) && p.toLowerCase().includes(low));
	const near = (a: string, b: string): number => a.length - b.length || a.localeCompare(b);
	return { from: caret - word.length, words: [...begin.sort(near), ...inside.sort(near)].slice(0, most) };
}

/** inner returns the name of a part of an actor as it is seen from inside, as in count(actors, Role == "leader"). */
function inner(part: string): string[] {
	const m = /^actors(?:\.[^.[]+|\["[^"]*"\])\.(.+)$/.exec(part);
	return m ? [m[1]!] : [];
}
