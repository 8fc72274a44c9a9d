// Actors in texts and colours. Eight colours that people with any colour vision tell apart (Okabe and Ito, 2008,
// darkened for text); an actor's name, or its place in the row of lanes, stands beside its colour. Pure functions.

const colours = 8;

/** colour returns the class of an actor's colour. */
export function colour(i: number): string {
	return `actor-${((i % colours) + colours) % colours}`;
}

/** Part of a text: an actor, or what stands between actors. */
export type Part = string | { actor: number };

const numbers = new WeakMap<string[], Map<string, number>>();

function numbersOf(names: string[]): Map<string, number> {
	let out = numbers.get(names);
	if (!out) numbers.set(names, (out = new Map(names.map((n, i) => [n, i]))));
	return out;
}

/** maxTries bounds the places in a text at which a name is looked for. */
const maxTries = 64;

/** places returns where a mark begins in a text. */
function places(text: string, mark: RegExp): number[] {
	const out: number[] = [];
	for (const m of text.matchAll(mark)) {
		if (out.push(m.index) >= maxTries) break;
	}
	return out;
}

/** first returns the actor whose name begins a text, followed by a space, a colon or the end; null without one. */
function first(text: string, of: Map<string, number>): { actor: number; end: number } | null {
	for (const end of [...places(text, /[ :]/g), text.length]) {
		const actor = of.get(text.slice(0, end));
		if (actor !== undefined) return { actor, end };
	}
	return null;
}

/** last returns the actor whose name ends a text, after a space or the start; null without one. */
function last(text: string, of: Map<string, number>): { actor: number; start: number } | null {
	for (const start of [0, ...places(text, / /g).map((i) => i + 1)]) {
		const actor = of.get(text.slice(start));
		if (actor !== undefined) return { actor, start };
	}
	return null;
}

/** parts splits the text of a step, such as "s1 -> s2: Vote", "lose s1 -> s2: Vote" or "crash s1". */
export function parts(text: string, names: string[]): Part[] {
	const of = numbersOf(names);
	for (const arrow of places(text, / -> /g)) {
		const from = last(text.slice(0, arrow), of);
		const to = first(text.slice(arrow + 4), of);
		if (!from || !to) continue;
		const rest = text.slice(arrow + 4 + to.end).replace(/^: ?/, " ");
		return [text.slice(0, from.start), { actor: from.actor }, " → ", { actor: to.actor }, rest].filter((p) => p !== "");
	}
	const begin = first(text, of);
	if (begin) return [{ actor: begin.actor }, text.slice(begin.end).replace(/^: ?/, " ")].filter((p) => p !== "");
	const end = last(text, of);
	return end ? [text.slice(0, end.start), { actor: end.actor }] : [text];
}
